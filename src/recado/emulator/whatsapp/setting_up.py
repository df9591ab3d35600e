"""The account that a stand-in begins with: an app, a business account, a number, a token and a few templates."""

from __future__ import annotations

from typing import Any, Final

from recado.emulator.whatsapp.clock import Clock
from recado.emulator.whatsapp.ids import Ids
from recado.emulator.whatsapp.options import Options
from recado.emulator.whatsapp.world import MetaApp, Number, Token, Waba, World

VERIFY_TOKEN: Final = "stand-in-verify-token"  # noqa: S105  # it opens nothing but the stand-in
_FIRST_NUMBER: Final = "15550198000"

TEMPLATES: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "hello_world",
        "language": "en_US",
        "category": "MARKETING",
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
            {"type": "BODY", "text": "Welcome! This message shows that a template can be sent."},
            {"type": "FOOTER", "text": "The stand-in"},
        ],
    },
    {
        "name": "appointment_reminder",
        "language": "es",
        "category": "UTILITY",
        "components": [
            {
                "type": "BODY",
                "text": "Hola {{1}}, le esperamos el {{2}}.",
                "example": {"body_text": [["Ana", "lunes"]]},
            },
            {
                "type": "BUTTONS",
                "buttons": [{"type": "QUICK_REPLY", "text": "Confirmar"}, {"type": "QUICK_REPLY", "text": "Cambiar"}],
            },
        ],
    },
    {
        "name": "order_on_its_way",
        "language": "es",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": [
            {
                "type": "BODY",
                "text": "{{first_name}}, su pedido {{order_number}} ya salió.",
                "example": {
                    "body_text_named_params": [
                        {"param_name": "first_name", "example": "Ana"},
                        {"param_name": "order_number", "example": "A-17"},
                    ]
                },
            },
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "URL", "text": "Ver", "url": "https://shop.example/orders/{{1}}", "example": ["A-17"]}
                ],
            },
        ],
    },
    {
        "name": "ticket_with_picture",
        "language": "es",
        "category": "UTILITY",
        "components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://shop.example/ticket.png"]}},
            {"type": "BODY", "text": "Su entrada, {{1}}.", "example": {"body_text": [["Ana"]]}},
        ],
    },
    {
        "name": "spring_sale",
        "language": "es",
        "category": "MARKETING",
        "status": "PAUSED",
        "components": [{"type": "BODY", "text": "Todo a mitad de precio."}],
    },
)


def new_world(
    *,
    identity: str = "stand-in",
    seed: str | None = None,
    token: str = "",
    secret: str = "",
    clock: Clock | None = None,
    options: Options | None = None,
) -> World:
    """A world with one number. `identity` makes the ids of its objects and its token, `seed` those of what is said later."""
    ids = Ids(identity)
    app = MetaApp(ids.digits("app"), "Recado's stand-in", [secret or ids.word("secret", 32).lower()])
    world = World(identity if seed is None else seed, clock or Clock(), options or Options(), app)
    waba = add_waba(world, "The stand-in's business", ids)
    add_number(world, waba.id, _FIRST_NUMBER, "Recado", ids)
    value = token or f"EAA{ids.word('token', 40)}"
    world.tokens[value] = Token(value)
    return world


def add_waba(world: World, name: str, ids: Ids | None = None) -> Waba:
    """Another business account, with templates of its own."""
    ids = ids or world.ids
    waba = Waba((ids).digits("waba"), name)
    world.wabas[waba.id] = waba
    for template in TEMPLATES:
        add_template(world, waba, template, ids)
    return waba


def add_number(world: World, waba_id: str, digits: str, verified_name: str, ids: Ids | None = None) -> Number:
    """Another number of an account."""
    number = Number((ids or world.ids).digits("number"), digits, verified_name, waba_id)
    world.numbers[number.id] = number
    return number


def add_template(world: World, waba: Waba, template: dict[str, Any], ids: Ids | None = None) -> dict[str, Any]:
    """Another template, approved unless it says otherwise."""
    made = {
        "id": (ids or world.ids).digits("template"),
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        **template,
    }
    waba.templates[made["name"], made["language"]] = made
    return made
