"""The HTTP routes of forms: what their authors do, and the endpoint that Meta asks."""

from __future__ import annotations

from typing import Any, Final

from litestar import MediaType, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody

from recado.accounts.caller import Caller
from recado.accounts.guard import NO_SECURITY
from recado.channels.opened import Channels
from recado.channels.whatsapp.forms import keys, service, trying, words
from recado.channels.whatsapp.forms.endpoint import Forms
from recado.channels.whatsapp.forms.schemas import (
    CreateForm,
    FlowKeyShown,
    Form,
    FormValidation,
    ListedForm,
    MakeFlowKey,
    TriedForm,
    TryForm,
    UpdateForm,
    ValidateForm,
)
from recado.channels.whatsapp.graph import Graph
from recado.channels.whatsapp.signature import HEADER
from recado.credentials.vault import Vault
from recado.db.engine import Database
from recado.errors import FormEnded
from recado.settings import Settings
from recado.web.pages import Cursor, Limit, Page
from recado.web.problems import problems

_TAGS: Final = ["forms"]


@get(
    "/channels/{channel_id:str}/forms",
    permission="flows:read",
    operation_id="list_forms",
    tags=_TAGS,
    responses=problems(404, 422),
)
async def list_forms(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListedForm]:
    """List the forms of a channel, newest first, without their definitions."""
    return await db.read(service.list_forms, caller, channel_id, limit, cursor)


@post(
    "/channels/{channel_id:str}/forms",
    permission="flows:write",
    operation_id="create_form",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def create_form(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
    data: JSONBody[CreateForm],
) -> Form:
    """Create a form of a channel. Whatever is wrong with its definition is listed in `problems`, and kept all the same."""
    return await db.write(service.create_form, caller, channel_id, data)


@get("/forms/{form_id:str}", permission="flows:read", operation_id="get_form", tags=_TAGS, responses=problems(404))
async def get_form(db: NamedDependency[Database], caller: NamedDependency[Caller], form_id: FromPath[str]) -> Form:
    """Get one form with its definition, its screens, and what is wrong with it."""
    return await db.read(service.get_form, caller, form_id)


@patch(
    "/forms/{form_id:str}",
    permission="flows:write",
    operation_id="update_form",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def update_form(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    form_id: FromPath[str],
    data: JSONBody[UpdateForm],
) -> Form:
    """Change a form. What is not given stays; a definition is replaced as a whole, at once also for who has it open."""
    return await db.write(service.update_form, caller, form_id, data)


@delete(
    "/forms/{form_id:str}",
    permission="flows:write",
    operation_id="delete_form",
    tags=_TAGS,
    responses=problems(404, 409, 422),
)
async def delete_form(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    form_id: FromPath[str],
    force: FromQuery[bool] = False,
) -> None:
    """Delete a form; who has it open is told that it is over. One that a flow sends is only deleted with `force=true`."""
    await db.write(service.delete_form, caller, form_id, is_forced=force)


@post(
    "/forms/{form_id:str}/validate",
    status_code=200,
    permission="flows:read",
    operation_id="validate_form",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def validate_form(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    form_id: FromPath[str],
    data: JSONBody[ValidateForm],
) -> FormValidation:
    """List what is wrong with a form, or with a definition that is not saved."""
    return await db.read(service.validate_form, caller, form_id, data)


@post(
    "/forms/{form_id:str}/try",
    status_code=200,
    permission="flows:write",
    operation_id="try_form",
    tags=_TAGS,
    responses=problems(404, 409, 413, 415, 422),
)
async def try_form(
    db: NamedDependency[Database],
    channels: NamedDependency[Channels],
    forms: NamedDependency[Forms],
    caller: NamedDependency[Caller],
    form_id: FromPath[str],
    data: JSONBody[TryForm],
) -> TriedForm:
    """Ask as WhatsApp's client would, encrypted and signed. The action of the screen really runs."""
    return await trying.try_form(db, channels, forms, caller, form_id, data)


# ── the key of a number, and what Meta asks ──────────────────────────────────────────────────────────────────────────


@get(
    "/channels/{channel_id:str}/flow-key",
    permission="channels:read",
    operation_id="get_flow_key",
    tags=_TAGS,
    responses=problems(404),
)
async def get_flow_key(
    channels: NamedDependency[Channels],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
) -> FlowKeyShown:
    """Get the public key of a channel's forms, and the address to enter at Meta as their endpoint."""
    return await keys.show_flow_key(channels, settings.base_url, caller, channel_id)


@post(
    "/channels/{channel_id:str}/flow-key",
    status_code=200,
    permission="channels:write",
    operation_id="make_flow_key",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def make_flow_key(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    channels: NamedDependency[Channels],
    graph: NamedDependency[Graph],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
    data: JSONBody[MakeFlowKey],
) -> FlowKeyShown:
    """Hand Meta the public key of a channel's forms, made where there is none.

    With `is_new` another one takes its place, as soon as Meta has taken it. What Meta refuses is told in `problem`; a first
    key is kept even so, and can be entered there by hand.
    """
    return await keys.make_flow_key(
        db, vault, channels, graph, settings.base_url, caller, channel_id, is_new=data.is_new
    )


@post(
    "/channels/whatsapp/{key:str}/flows",
    status_code=200,
    is_public=True,
    operation_id="answer_form",
    tags=["webhooks"],
    security=NO_SECURITY,
    media_type=MediaType.TEXT,
    responses={
        **problems(404, 413, 421, 432),
        427: ResponseSpec(
            dict[str, str], description="The form is over; `error_msg` is shown.", generate_examples=False
        ),
    },
)
async def answer_form(
    request: Request[Any, Any, Any], forms: NamedDependency[Forms], key: FromPath[str]
) -> Response[str] | Response[dict[str, str]]:
    """Answer what the screen of a form asks, as WhatsApp encrypts it: an answer as encrypted text.

    421 where it cannot be decrypted, 432 where the signature does not fit, 427 where the conversation of the form is over.
    """
    try:
        exchanged = await forms.exchange(key, await request.body(), request.headers.get(HEADER))
    except FormEnded as problem:
        text = words.ended(words.language_of(problem.facts.get("language")))
        return Response({"error_msg": text}, status_code=FormEnded.status, media_type=MediaType.JSON)
    return Response(exchanged.sealed, media_type=MediaType.TEXT)


handlers: Final[list[Any]] = [
    list_forms,
    create_form,
    get_form,
    update_form,
    delete_form,
    validate_form,
    try_form,
    get_flow_key,
    make_flow_key,
    answer_form,
]
