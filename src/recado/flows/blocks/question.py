"""A question: asks for one value of a type, and holds the answer to its checks."""

from __future__ import annotations

from recado.flows.answers import Refused, read_answer, read_yes_or_no
from recado.flows.asking import Taken, ask, choose
from recado.flows.choices import Choice, Offer, Page, short_id, show
from recado.flows.definition import QuestionBlock
from recado.flows.events import Incoming, Outgoing
from recado.flows.limits import MAX_BODY, MAX_BUTTON_TITLE, MAX_TEXT, cut, length_of
from recado.flows.moves import Move
from recado.flows.outgoing import location_request
from recado.flows.patterns import fits
from recado.flows.turn import Turn


def enter(turn: Turn, block: QuestionBlock) -> Move:
    """Ask."""
    return ask(turn, block, prompt(turn, block))


def prompt(turn: Turn, block: QuestionBlock) -> Outgoing:
    """The question; yes or no and choices are offered to be tapped."""
    found = _offer(turn, block)
    if found is not None:
        page = turn.state.waiting.page if turn.state.waiting else 0
        return show(found, turn.state.last_visit, page)
    text = turn.words(block.text, turn.texts.prompt)
    if block.expects == "location":
        return location_request(cut(text, MAX_BODY))
    return Outgoing(type="text", text=cut(text, MAX_TEXT))


def read(turn: Turn, block: QuestionBlock, message: Incoming) -> Taken | Page | Refused:
    """What a message answers."""
    found = _offer(turn, block)
    if found is not None:
        chosen = choose(turn, found, message)
        if isinstance(chosen, Refused) and block.expects == "boolean" and message.text is not None:
            answer = read_yes_or_no(message.text)
            return Refused("boolean") if answer is None else Taken(answer)
        return chosen
    if message.reply_id is not None:
        return Refused("choice")
    answer_read = read_answer(turn, block.expects, block.checks, message)
    if isinstance(answer_read, Refused):
        return answer_read
    pattern = block.checks.pattern
    if pattern and message.text is not None:
        does_fit = fits(pattern, message.text.strip())
        if does_fit is None:
            turn.note("pattern_unusable", block.id)
        if does_fit is False:
            return Refused("pattern")
    return Taken(answer_read.value)


def _offer(turn: Turn, block: QuestionBlock) -> Offer | None:
    """What a question offers to be tapped; None for one that is answered in words."""
    texts = turn.texts
    if block.expects == "boolean":
        choices = [Choice("yes", texts.yes, answer=True), Choice("no", texts.no, answer=False)]
    elif block.expects == "choice" and block.checks.options:
        choices = []
        for option in block.checks.options:
            title = turn.words(option.label, option.value)
            identifier = short_id(option.value, choices)
            choices.append(Choice(identifier, title, option.value, words=option.synonyms, value=option.value))
    else:
        return None
    is_buttons = all(length_of(choice.title) <= MAX_BUTTON_TITLE for choice in choices)
    return Offer(choices, turn.words(block.text, texts.choose), texts.label, texts.more, is_buttons=is_buttons)
