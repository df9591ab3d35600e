"""What the Graph API tells of numbers, business accounts, tokens and callbacks, and what can be set of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from recado.emulator.asgi import Call
from recado.emulator.whatsapp.deliveries import verify
from recado.emulator.whatsapp.refusals import Refusal, invalid, no_such_object
from recado.emulator.whatsapp.world import Callback, Form, Number, Token, Waba, World

_BITS: Final = 2048
_NUMBER_FIELDS: Final = ("verified_name", "code_verification_status", "display_phone_number", "quality_rating", "id")
_PAGE: Final = 25
_SCOPES: Final = ("whatsapp_business_management", "whatsapp_business_messaging")


class Accounts:
    """The objects apart from messages and media."""

    def __init__(self, world: World) -> None:
        self._world = world

    # ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def token_of(self, call: Call) -> Token:
        """The token a call comes with. Raises Refusal."""
        kind, _, value = call.header(b"authorization").partition(" ")
        value = value.strip() if kind.lower() == "bearer" else ""
        value = value or dict(call.query).get("access_token", "")
        if not value:
            raise Refusal(190, message="An access token is required to request this resource.", status=401)
        token = self._world.tokens.get(value)
        if token is None and value not in self._app_tokens():
            raise Refusal(190, message="Invalid OAuth access token - Cannot parse access token", status=401)
        if token is not None and token.expires_at is not None and token.expires_at <= self._world.clock.now():
            raise Refusal(190, message="Error validating access token: Session has expired.", subcode=463, status=401)
        return token or Token(value)

    def _app_tokens(self) -> set[str]:
        app = self._world.app
        return {f"{app.id}|{secret}" for secret in app.secrets}

    def debug_token(self, value: str) -> dict[str, Any]:
        """`GET /debug_token?input_token=`."""
        token = self._world.tokens.get(value)
        if token is None:
            error = {"code": 190, "message": "Malformed access token"}
            return {"data": {"error": error, "is_valid": False, "scopes": []}}
        app, ends = self._world.app, token.expires_at
        wabas = sorted(token.wabas) if token.wabas is not None else list(self._world.wabas)
        return {
            "data": {
                "app_id": app.id,
                "type": "SYSTEM_USER",
                "application": app.name,
                "expires_at": int(ends) if ends else 0,
                "is_valid": ends is None or ends > self._world.clock.now(),
                "scopes": list(_SCOPES),
                "granular_scopes": [{"scope": scope, "target_ids": wabas} for scope in _SCOPES],
            }
        }

    # ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def number(self, object_id: str, token: Token) -> Number:
        """A number that the token may see. Raises Refusal."""
        number = self._world.numbers.get(object_id)
        if number is None or (token.wabas is not None and number.waba_id not in token.wabas):
            raise no_such_object(object_id)
        return number

    def waba(self, object_id: str, token: Token) -> Waba:
        """An account that the token may see. Raises Refusal."""
        waba = self._world.wabas.get(object_id)
        if waba is None or (token.wabas is not None and object_id not in token.wabas):
            raise no_such_object(object_id)
        return waba

    # ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def number_shown(self, number: Number, fields: str = "") -> dict[str, Any]:
        """`GET /{phone_number_id}?fields=`."""
        everything: dict[str, Any] = {
            "id": number.id,
            "verified_name": number.verified_name,
            "code_verification_status": number.code_verification_status,
            "display_phone_number": number.display,
            "quality_rating": number.quality_rating,
            "platform_type": "CLOUD_API",
            "throughput": {"level": number.throughput},
            "name_status": number.name_status,
            "status": number.status,
            "account_mode": "LIVE",
            "is_official_business_account": False,
            "webhook_configuration": self._callbacks(number),
        }
        wanted = [name.strip() for name in fields.split(",") if name.strip()] or _NUMBER_FIELDS
        return {name: everything[name] for name in (*wanted, "id") if name in everything}

    def _callbacks(self, number: Number) -> dict[str, str]:
        waba = self._world.wabas[number.waba_id]
        places = {
            "phone_number": number.callback,
            "whatsapp_business_account": waba.callback,
            "application": self._world.app.callback,
        }
        return {name: callback.url for name, callback in places.items() if callback is not None}

    def numbers_shown(self, waba: Waba, query: Mapping[str, str]) -> dict[str, Any]:
        """`GET /{waba_id}/phone_numbers`."""
        shown = [self.number_shown(number, query.get("fields", "")) for number in self._world.numbers_of(waba.id)]
        return _page(shown, query)

    @staticmethod
    def templates_shown(waba: Waba, query: Mapping[str, str]) -> dict[str, Any]:
        """`GET /{waba_id}/message_templates`, filtered and page by page."""
        found = [
            template
            for template in waba.templates.values()
            if all(
                str(template.get(key)).upper() == query[key].upper()
                for key in ("name", "language", "status", "category")
                if query.get(key)
            )
        ]
        fields = [name.strip() for name in query.get("fields", "").split(",") if name.strip()]
        if fields:
            found = [{key: value for key, value in one.items() if key in {*fields, "id"}} for one in found]
        page = _page(found, query)
        if query.get("summary"):
            page["summary"] = {
                "total_count": len(found),
                "message_template_count": len(waba.templates),
                "message_template_limit": 250,
                "are_translations_complete": True,
            }
        return page

    def add_template(self, waba: Waba, body: Mapping[str, Any]) -> dict[str, Any]:
        """`POST /{waba_id}/message_templates`: approved at once. Raises Refusal."""
        for name in ("name", "language", "category", "components"):
            if not body.get(name):
                raise invalid(f"The parameter {name} is required.")
        made = {
            "parameter_format": "POSITIONAL",
            **body,
            "id": self._world.ids.digits("template"),
            "status": "APPROVED",
        }
        waba.templates[made["name"], made["language"]] = made
        return {"id": made["id"], "status": made["status"], "category": made["category"]}

    # ── callbacks ────────────────────────────────────────────────────────────────────────────────────────────────────

    def subscribed(self, waba: Waba) -> dict[str, Any]:
        """`GET /{waba_id}/subscribed_apps`."""
        app = self._world.app
        if not waba.is_subscribed:
            return {"data": []}
        shown: dict[str, Any] = {
            "whatsapp_business_api_data": {"id": app.id, "link": f"https://stand-in.example/{app.id}", "name": app.name}
        }
        if waba.callback is not None:
            shown["override_callback_uri"] = waba.callback.url
        return {"data": [shown]}

    @staticmethod
    async def subscribe(waba: Waba, body: Mapping[str, Any]) -> dict[str, Any]:
        """`POST /{waba_id}/subscribed_apps`: with a callback of the account's own, or with none. Raises Refusal."""
        waba.callback = await _verified(body)
        waba.is_subscribed = True
        return {"success": True}

    @staticmethod
    def unsubscribe(waba: Waba) -> dict[str, Any]:
        """`DELETE /{waba_id}/subscribed_apps`."""
        waba.is_subscribed = False
        waba.callback = None
        return {"success": True}

    async def subscribe_app(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """`POST /{app_id}/subscriptions`. Raises Refusal."""
        url, verify_token = body.get("callback_url"), body.get("verify_token")
        if not url or not verify_token:
            raise invalid("The parameters callback_url and verify_token are required.")
        callback = Callback(str(url), str(verify_token))
        await verify(callback)
        self._world.app.callback = callback
        return {"success": True}

    @staticmethod
    async def set_number(number: Number, body: Mapping[str, Any]) -> dict[str, Any]:
        """`POST /{phone_number_id}`: its own callback, "" takes it away. Raises Refusal."""
        wanted = body.get("webhook_configuration")
        if not isinstance(wanted, dict):
            raise invalid("The parameter webhook_configuration is required.")
        number.callback = await _verified(wanted)
        return {"success": True}

    # ── registration and keys ────────────────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def register(number: Number, body: Mapping[str, Any]) -> dict[str, Any]:
        """`POST /{phone_number_id}/register`. Raises Refusal."""
        pin = str(body.get("pin", ""))
        if not (pin.isdecimal() and len(pin) == 6):
            raise invalid("Param pin must be 6 digits.")
        number.status = "CONNECTED"
        number.public_key = ""
        return {"success": True}

    @staticmethod
    def deregister(number: Number) -> dict[str, Any]:
        """`POST /{phone_number_id}/deregister`."""
        number.status = "DISCONNECTED"
        return {"success": True}

    @staticmethod
    def set_key(number: Number, body: Mapping[str, Any]) -> dict[str, Any]:
        """`POST /{phone_number_id}/whatsapp_business_encryption`. Raises Refusal."""
        pem = str(body.get("business_public_key") or "")
        try:
            key = load_pem_public_key(pem.encode())
        except (ValueError, UnsupportedAlgorithm) as problem:
            raise invalid("Param business_public_key must be a public key in PEM.") from problem
        if not isinstance(key, RSAPublicKey) or key.key_size != _BITS:
            raise invalid(f"Param business_public_key must be an RSA key of {_BITS} bits.")
        number.public_key = pem
        return {"success": True}

    @staticmethod
    def key_shown(number: Number) -> dict[str, Any]:
        """`GET /{phone_number_id}/whatsapp_business_encryption`."""
        if not number.public_key:
            return {"data": []}
        return {
            "data": [
                {"business_public_key": number.public_key, "business_public_key_signature_status": "VALID"},
            ]
        }

    # ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def add_form(self, waba: Waba, body: Mapping[str, Any]) -> dict[str, Any]:
        """`POST /{waba_id}/flows`. Raises Refusal."""
        if not body.get("name"):
            raise invalid("The parameter name is required.")
        form = Form(
            self._world.ids.digits("form"), str(body["name"]), str(body.get("endpoint_uri") or ""), waba.id, "DRAFT"
        )
        self._world.forms[form.id] = form
        return {"id": form.id, "success": True, "validation_errors": []}

    def forms_shown(self, waba: Waba, query: Mapping[str, str]) -> dict[str, Any]:
        """`GET /{waba_id}/flows`."""
        return _page([form_shown(form) for form in self._world.forms.values() if form.waba_id == waba.id], query)

    @staticmethod
    def set_form(form: Form, body: Mapping[str, Any]) -> dict[str, Any]:
        """`POST /{flow_id}`: its name and endpoint."""
        form.name = str(body.get("name") or form.name)
        form.endpoint = str(body.get("endpoint_uri") or form.endpoint)
        return {"success": True}


def form_shown(form: Form) -> dict[str, Any]:
    """A form as `GET /{flow_id}` tells of it."""
    return {
        "id": form.id,
        "name": form.name,
        "status": form.status,
        "categories": ["OTHER"],
        "validation_errors": [],
        "endpoint_uri": form.endpoint,
    }


async def _verified(body: Mapping[str, Any]) -> Callback | None:
    url = body.get("override_callback_uri")
    if not url:
        return None
    if not body.get("verify_token"):
        raise invalid("The parameter verify_token is required.")
    callback = Callback(str(url), str(body["verify_token"]))
    await verify(callback)
    return callback


def _page(found: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """A page and its cursors; `next` only when there is one more."""
    limit = query.get("limit", "")
    size = max(1, min(int(limit), 100)) if limit.isdecimal() else _PAGE
    after = query.get("after", "")
    begin = int(after) if after.isdecimal() else 0
    page = found[begin : begin + size]
    paging: dict[str, Any] = {"cursors": {"before": str(begin), "after": str(begin + len(page))}}
    if begin + size < len(found):
        paging["next"] = f"?after={begin + size}&limit={size}"
    return {"data": page, **({"paging": paging} if page else {})}
