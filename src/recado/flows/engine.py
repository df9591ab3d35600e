"""Walks a flow: one event in, the next state and what is to be done out. Pure: no clock, no network, no chance."""

from __future__ import annotations

from typing import Any, Final

from recado.actions.paths import MISSING
from recado.flows import agents, asking
from recado.flows.asking import Taken
from recado.flows.blocks import (
    buttons,
    call_flow,
    condition,
    custom_integration,
    end,
    form,
    hand_over,
    jump,
    message,
    question,
    set_variable,
    wait,
)
from recado.flows.blocks import list as list_block
from recado.flows.choices import Page
from recado.flows.compiled import Flow, Program
from recado.flows.definition import (
    Asking,
    Block,
    ButtonsBlock,
    CallFlowBlock,
    ConditionBlock,
    CustomIntegrationBlock,
    EndBlock,
    FormBlock,
    HandOverBlock,
    JumpBlock,
    ListBlock,
    MessageBlock,
    QuestionBlock,
    SetVariableBlock,
    WaitBlock,
)
from recado.flows.events import (
    ENDED,
    AgentClosed,
    CallEnded,
    CallLate,
    Cancelled,
    Closed,
    Effect,
    Event,
    Frame,
    Incoming,
    Jumped,
    Received,
    Started,
    State,
    TakenOver,
    TimerFired,
    Undelivered,
    Visited,
)
from recado.flows.limits import MAX_BLOCKS, MAX_FRAMES
from recado.flows.matching import fold
from recado.flows.moves import STAY, Call, Fail, Go, Leave, Move, Return, Stay, Stop
from recado.flows.turn import Turn
from recado.flows.values import convert
from recado.flows.ways import may_not_arrive

_KINDS: Final[dict[type[Block], Any]] = {
    MessageBlock: message, QuestionBlock: question, ButtonsBlock: buttons.KIND, ListBlock: list_block.KIND,
    FormBlock: form, ConditionBlock: condition, SetVariableBlock: set_variable, CustomIntegrationBlock: custom_integration,
    WaitBlock: wait, JumpBlock: jump, CallFlowBlock: call_flow, HandOverBlock: hand_over, EndBlock: end,
}  # fmt: skip
"""What each kind does when it is entered (`enter`), and those that ask also with an answer (`prompt`, `read`)."""


def start_state(version_id: str) -> State:
    """A conversation before its first event, Started."""
    return State(frames=[Frame(flow=version_id, block_id="")])


def step(program: Program, state: State, event: Event) -> tuple[State, list[Effect]]:
    """The state after an event, and what is to be done, in order; the given state is not changed.

    `program` holds every flow of the conversation's frames. Never raises for what an author, a person or an API wrote.
    """
    turn = Turn(program, state, event.at)
    _walk(turn, _handle(turn, event))
    return turn.state, turn.effects


def is_exit_word(flow: Flow, text: str) -> bool:
    """Whether the whole of a text is one of the exit words of a conversation's own flow."""
    return fold(text) in flow.exit_words


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _handle(turn: Turn, event: Event) -> Move:  # noqa: C901, PLR0912 - one line for each kind of event
    match event:
        case CallEnded():
            return _call_ended(turn, event)
        case Jumped():
            return _jump(turn, event.block_id)
        case Undelivered():
            return _undelivered(turn, event)
        case _ if turn.state.status in ENDED:
            if isinstance(event, Received):
                turn.note("conversation_ended")
            return STAY
        case Started():
            return _start(turn, event)
        case Received():
            return _receive(turn, event.message)
        case CallLate():
            return _call_late(turn, event)
        case TimerFired():
            return _fire(turn, event)
        case TakenOver():
            return agents.take_over(turn)
        case AgentClosed():
            return agents.give_back(turn)
        case Closed():
            return Stop("finished", "closed")
        case Cancelled():
            return Stop("cancelled", "cancelled")


def _start(turn: Turn, event: Started) -> Move:
    if turn.frame.block_id:
        return STAY
    turn.state.contact = event.contact
    turn.frame.variables = _variables_of(turn, turn.flow, event.variables)
    while (found := turn.too_big(turn.frame.variables)) is not None:
        turn.effects.append(found)
        del turn.frame.variables[found.params["name"]]
    return _begin(turn)


def _begin(turn: Turn) -> Move:
    start = turn.flow.start
    return Go(start, None) if start in turn.flow.blocks else Fail("start_missing")


def _receive(turn: Turn, incoming: Incoming) -> Move:
    block = turn.block
    match turn.awaits:
        case "answer" if isinstance(block, Asking):
            turn.count_anew()
            return _judge(turn, block, incoming)
        case "agent":
            turn.state.timers = agents.timers(turn)
            return STAY
        case "call" | "time" if (leaving := asking.leave_word(turn, incoming)) is not None:
            return leaving
        case _:
            turn.note("message_not_awaited", turn.frame.block_id)
            return STAY


def _judge(turn: Turn, block: Asking, incoming: Incoming) -> Move:
    """A tap on what is offered now comes before the exit words, they before everything else."""
    kind = _KINDS[type(block)]  # type: ignore[index]  # every block that asks is a block
    assert turn.state.waiting is not None
    if incoming.reply_id is None:
        if (leaving := asking.leave_word(turn, incoming)) is not None:
            return leaving
        if turn.state.waiting.files and incoming.media is None:
            turn.note("message_not_awaited", block.id)
            return STAY
        if asking.is_of_no_use(incoming):
            turn.note("message_unsupported", block.id)
            return asking.again(turn, block, turn.texts.unsupported, kind.prompt(turn, block))
    found = kind.read(turn, block, incoming)
    match found:
        case Taken() if turn.too_big({block.answer: found.value}) is None:
            return asking.gather(turn, block, found.value) if asking.gathers(block) else asking.take(turn, block, found)
        case Taken():
            return asking.refuse(turn, block, asking.TOO_LONG, kind.prompt(turn, block))
        case Page():
            turn.state.waiting.page = found.number
            return asking.again(turn, block, "", kind.prompt(turn, block))
        case _ if turn.state.waiting.files or asking.is_of_the_same_album(turn, incoming):
            turn.note("album_rest", block.id)
            return STAY
        case _ if incoming.reply_id is not None:
            turn.note("menu_closed", block.id)
            return asking.again(turn, block, turn.texts.menu_closed, kind.prompt(turn, block))
        case _:
            return asking.refuse(turn, block, found, kind.prompt(turn, block))


def _call_ended(turn: Turn, event: CallEnded) -> Move:
    block = turn.block
    if _is_awaited(turn, event) and isinstance(block, CustomIntegrationBlock):
        return custom_integration.end(turn, block, event)
    for depth, frame in enumerate(turn.state.frames):
        late = turn.program[frame.flow].blocks.get(event.block_id)
        if frame.late_calls.get(event.block_id) == event.visit and isinstance(late, CustomIntegrationBlock):
            del frame.late_calls[event.block_id]
            custom_integration.keep(turn, depth, late, event)
            turn.note("late_answer", event.block_id, outcome=event.outcome)
            return STAY
    turn.note("answer_dropped", event.block_id, outcome=event.outcome)
    return STAY


def _call_late(turn: Turn, event: CallLate) -> Move:
    block = turn.block
    if _is_awaited(turn, event) and isinstance(block, CustomIntegrationBlock):
        return custom_integration.late(turn, block)
    return STAY


def _is_awaited(turn: Turn, event: CallEnded | CallLate) -> bool:
    """Whether this is the call that the conversation stands at."""
    return turn.awaits == "call" and event.block_id == turn.frame.block_id and event.visit == turn.state.last_visit


def _fire(turn: Turn, event: TimerFired) -> Move:
    """A timer that the state does not have, or that is not due, was overtaken by something else."""
    due = next((timer for timer in turn.state.timers if timer.kind == event.kind and timer.due_at <= event.at), None)
    if due is None or turn.state.waiting is None:
        return STAY
    turn.state.timers.remove(due)
    block = turn.block
    match event.kind:
        case "agent" if not isinstance(block, HandOverBlock):
            return agents.give_back(turn)
        case "question" | "agent":
            return Leave("timeout")
        case "album" if isinstance(block, Asking):
            return asking.take(turn, block, Taken(turn.state.waiting.files))
        case "wait":
            return Leave("next")
        case "reminder":
            turn.state.waiting.has_been_reminded = True
            words = turn.settings.reminder.text if turn.settings.reminder else ""
            turn.tell(turn.frame.block_id, turn.own_words(words, turn.texts.reminder))
            return STAY
        case _ if isinstance(block, CustomIntegrationBlock):
            turn.note("call_lost", block.id)
            return custom_integration.abandon(turn, block)
        case _:
            return Stop("expired", "expired")


def _jump(turn: Turn, block_id: str) -> Move:
    """To a block of the flow that is walked now, or of one below it."""
    for depth in range(len(turn.state.frames) - 1, -1, -1):
        if block_id in turn.program[turn.state.frames[depth].flow].blocks:
            _leave_call_behind(turn)
            del turn.state.frames[depth + 1 :]
            turn.state.end_reason = None
            turn.count_anew()
            return Go(block_id, "jump")
    turn.note("block_missing", block_id)
    return STAY


def _undelivered(turn: Turn, event: Undelivered) -> Move:
    """The way out for what did not arrive, while the conversation waits and nobody has answered since; else it is noted."""
    block = turn.flow.blocks.get(event.block_id) if turn.awaits in {"answer", "time"} else None
    is_here = event.block_id == turn.frame.block_id and event.visit == turn.state.last_visit
    is_unanswered = is_here or event.visit > turn.state.visits - turn.state.walked
    target = block.edges.get("undelivered") if block is not None and is_unanswered else None
    turn.note("undelivered", event.block_id, reason=event.code)
    if target is None or target not in turn.flow.blocks or not may_not_arrive(turn.flow.blocks[event.block_id]):
        return STAY
    turn.frame.block_id = event.block_id  # the walk goes on from there, wherever it had come to
    return Go(target, "undelivered")


# ── moves ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _walk(turn: Turn, move: Move) -> None:
    """Carry out moves until one waits or ends; the guards make sure that one does."""
    while not isinstance(move, Stay):
        _leave_call_behind(turn)
        turn.state.waiting = None
        turn.state.timers = []
        turn.state.status = "running"
        if isinstance(move, Stop):
            turn.state.status = move.status
            turn.state.end_reason = move.reason
            return
        move = _carry_out(turn, move)
        if turn.has_said_too_much:
            turn.has_said_too_much = False
            move = Fail("too_many_messages", is_final=True)


def _carry_out(turn: Turn, move: Leave | Go | Call | Return | Fail) -> Move:
    match move:
        case Leave():
            return _follow(turn, move.edge)
        case Go():
            return _enter(turn, move)
        case Call():
            return _call(turn, move)
        case Return():
            return _return(turn, move.reason)
        case Fail():
            return _fail(turn, move)


def _enter(turn: Turn, move: Go) -> Move:
    state = turn.state
    state.walked += 1
    if state.walked > MAX_BLOCKS:
        return Fail("loop", is_final=True)
    state.visits += 1
    state.last_visit = state.visits
    left, turn.frame.block_id = turn.frame.block_id or None, move.block_id
    turn.effects.append(
        Visited(block_id=move.block_id, visit=state.visits, edge=move.edge, flow=turn.frame.flow, left=left)
    )
    block = turn.flow.blocks[move.block_id]
    entered: Move = _KINDS[type(block)].enter(turn, block)
    return entered


def _follow(turn: Turn, edge: str) -> Move:
    """The block a way out leads to; an unwired one falls to a more general way, and that to a safe end."""
    block = turn.block
    if block is None:
        return Fail("block_missing")
    for name in (edge, _fallback(block, edge)):
        target = block.edges.get(name)
        if target is not None and target in turn.flow.blocks:
            return Go(target, name)
    return _unwired(block, edge)


def _fallback(block: Block, edge: str) -> str:
    if isinstance(block, CustomIntegrationBlock):
        return edge if edge == "success" else "failed"
    return "next" if edge.startswith(("button:", "row:")) else edge


def _unwired(block: Block, edge: str) -> Move:
    """What an unwired way out means: people who did nothing wrong always hear something; silence expires."""
    if edge == "failed":
        return Fail(str(block.__struct_config__.tag))
    if edge in {"no_match", "empty"} or (isinstance(block, CustomIntegrationBlock) and edge != "success"):
        return Fail(edge)
    return Stop("expired", "expired") if edge == "timeout" else Return("no_edge")


def _call(turn: Turn, move: Call) -> Move:
    if len(turn.state.frames) >= MAX_FRAMES:
        return Fail("too_deep", is_final=True)
    variables = _variables_of(turn, turn.program[move.version_id], move.variables)
    turn.state.frames.append(Frame(flow=move.version_id, block_id="", variables=variables))
    return _begin(turn)


def _return(turn: Turn, reason: str) -> Move:
    if len(turn.state.frames) == 1:
        return Stop("finished", reason)
    called = turn.state.frames.pop()
    block = turn.block
    return call_flow.come_back(turn, block, called) if isinstance(block, CallFlowBlock) else Fail("block_missing")


def _fail(turn: Turn, move: Fail) -> Move:
    """Back to the nearest caller that has a way out for failures; else say so, and end."""
    turn.note("failed", turn.frame.block_id or None, reason=move.code)
    frames = turn.state.frames
    for depth in range(-1 if move.is_final else len(frames) - 2, -1, -1):
        flow = turn.program[frames[depth].flow]
        caller = flow.blocks.get(frames[depth].block_id)
        if isinstance(caller, CallFlowBlock) and caller.edges.get("failed") in flow.blocks:
            del frames[depth + 1 :]
            return Leave("failed")
    turn.tell(turn.frame.block_id, turn.own_words(turn.settings.failure_message, turn.texts.failure))
    return Stop("failed", f"failed:{move.code}")


def _leave_call_behind(turn: Turn) -> None:
    """A call that is left before its end: its answer is kept when it comes."""
    if turn.awaits == "call":
        turn.frame.late_calls[turn.frame.block_id] = turn.state.last_visit


def _variables_of(turn: Turn, flow: Flow, given: dict[str, Any]) -> dict[str, Any]:
    """The variables a flow begins with: what is given, else their defaults; a value of another type is left out."""
    values = {}
    for key, variable in flow.variables.items():
        found = convert(given[key], variable.type, turn.zone) if given.get(key) is not None else MISSING
        if found is MISSING and variable.default:
            found = convert(variable.default, variable.type, turn.zone)
        if found is not MISSING:
            values[key] = found
    return values
