"""The stand-in Graph server as a test drives it: people write and look at their phones, time passes, things go wrong."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

Json = dict[str, Any]
WAIT = 30.0


class Person:
    """Somebody with WhatsApp, and their phone."""

    def __init__(self, graph: Graph, shown: Json) -> None:
        self.graph = graph
        self.id: str = shown["id"]
        self.name: str = shown["name"]
        self.phone: str = shown["phone"]
        self.user_id: str = shown["user_id"]
        self._seen = 0

    # ── what they do; each answers with the message as the stand-in shows it ─────────────────────────────────────────

    def does(self, **deed: Any) -> Json:
        """Anything that `POST /_standin/people/{id}/messages` knows."""
        done: Json = self.graph.ask("POST", f"/people/{self.id}/messages", deed)
        return done

    def says(self, text: str, **more: Any) -> Json:
        """`number=` another number of the business, `reply_to=`, `referral=`, `copies=`, `seconds_ago=`, `id=`."""
        return self.does(text=text, **more)

    def taps(self, title_or_id: str, of: str | None = None, **more: Any) -> Json:
        """A button or a row of the latest message that has it, or of the message `of`."""
        return self.does(tap=title_or_id, **({"of": of} if of else {}), **more)

    chooses = taps

    def sends(self, kind: str = "image", data: bytes = b"a file", **more: Any) -> Json:
        """A file: `caption=`, `filename=`, `mime_type=`, `size=`, `voice=`, `has_url=`."""
        media = {"type": kind, "data": base64.b64encode(data).decode(), **more}
        return self.does(media=media)

    def is_at(self, latitude: float, longitude: float, **more: Any) -> Json:
        return self.does(location={"latitude": latitude, "longitude": longitude, **more})

    def shares(self, *contacts: Json) -> Json:
        return self.does(contacts=list(contacts))

    def reacts(self, message_id: str, emoji: str = "👍") -> Json:
        return self.does(reaction={"message_id": message_id, "emoji": emoji})

    def fills(self, answers: Mapping[str, Any] | str, of: str | None = None) -> Json:
        """A form, and sends it; a text is sent as it is."""
        return self.does(
            flow_reply=answers if isinstance(answers, str) else dict(answers), **({"of": of} if of else {})
        )

    def sends_unsupported(self, kind: str = "poll") -> Json:
        return self.does(unsupported=kind)

    def changes_number(self, phone: str) -> Json:
        message = self.does(changes_number=phone)
        self.phone = phone.lstrip("+")
        return message

    def reads(self) -> int:
        """They open the chat; how many messages they had not read."""
        return int(self.graph.ask("POST", f"/people/{self.id}/reads", {})["read"])

    def becomes(self, **changes: Any) -> None:
        """Other fields: `wa_id_form="absent"`, `username=`, `name=`."""
        self.graph.ask("PATCH", f"/people/{self.id}", changes)

    # ── what they see ────────────────────────────────────────────────────────────────────────────────────────────────

    def chat(self, after: int = 0, wait: float = 0.0, number: str | None = None) -> list[Json]:
        query = {"after": after, "wait": wait, **({"number": number} if number else {})}
        found: list[Json] = self.graph.ask("GET", f"/people/{self.id}/chat", query=query)["messages"]
        return found

    def is_shown_typing(self) -> bool:
        return bool(self.graph.ask("GET", f"/people/{self.id}/chat")["is_typing"])

    def received(self) -> list[Json]:
        """Everything the business sent them so far."""
        return [message for message in self.chat() if message["from"] == "business"]

    def next(self, wait: float = WAIT) -> Json:
        """The next message of the business, which is awaited."""
        end = time.monotonic() + wait
        while (left := end - time.monotonic()) > 0:
            for message in self.chat(self._seen, min(left, 20.0)):
                self._seen = message["sequence"]
                if message["from"] == "business":
                    return message
        raise AssertionError(f"{self.name} was sent nothing more within {wait} s")

    def sees(self, text: str = "", wait: float = WAIT, **fields: Any) -> Json:
        """Looks through what comes until a message has this text in it (and these fields), and answers with it."""
        end, passed = time.monotonic() + wait, []
        while (left := end - time.monotonic()) > 0:
            try:
                message = self.next(left)
            except AssertionError:
                break
            passed.append(message)
            if text in message["text"] and all(message[key] == value for key, value in fields.items()):
                return message
        seen = [(message["type"], message["text"]) for message in passed]
        raise AssertionError(f"{self.name} did not see {text!r} {fields or ''} within {wait} s, but {seen}")

    def sees_nothing(self, seconds: float = 0.5) -> None:
        """For so long."""
        found = [message for message in self.chat(self._seen, seconds) if message["from"] == "business"]
        assert not found, f"{self.name} saw {found[0]['type']} {found[0]['text']!r}"


class Graph:
    """A running stand-in."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=f"{url}/_standin", timeout=90, trust_env=False, verify=False)
        self.connection: Json = self.ask("GET", "")
        self.token: str = self.connection["token"]
        self.app_secret: str = self.connection["app_secret"]
        self.waba_id: str = self.connection["waba_id"]
        self.phone_number_id: str = self.connection["phone_number_id"]
        self.verify_token: str = self.connection["verify_token"]

    def ask(self, method: str, path: str, body: Json | None = None, query: Json | None = None) -> Any:
        """A call to the stand-in's own API."""
        answer = self.client.request(method, path, json=body, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def close(self) -> None:
        self.client.close()

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def person(self, name: str = "Ana", **fields: Any) -> Person:
        """`phone=`, `user_id=`, `username=`, `wa_id_form="present|absent|empty"`, `also=[…]`."""
        return Person(self, self.ask("POST", "/people", {"name": name, **fields}))

    def acts(self, *deeds: Json) -> list[Json]:
        """What several people do at once, told in one webhook: `{"person": ana.id, "text": "hola"}`."""
        done: list[Json] = self.ask("POST", "/messages", {"acts": list(deeds)})["messages"]
        return done

    # ── how it behaves ───────────────────────────────────────────────────────────────────────────────────────────────

    def set(self, **options: Any) -> None:
        """See recado.emulator.whatsapp.options."""
        self.ask("PATCH", "/settings", options)

    def ladder(self, *rungs: str | tuple[str, float]) -> None:
        """The statuses each message comes to: names, or names with their seconds."""
        pairs = [(rung, 0.0) if isinstance(rung, str) else rung for rung in rungs]
        self.set(ladder=[{"status": status, "delay": delay} for status, delay in pairs])

    def fails(self, code: int, **more: Any) -> None:
        """The next send fails: `times=` (None for ever), `to=`, `at="answer|status"`, `retry_after=`, `subcode=`."""
        self.ask("POST", "/failures", {"code": code, **more})

    def trouble(self, kind: str, times: int | None = 1, path_prefix: str = "/v") -> None:
        """`delay:2`, `html:502`, `hangup` (after it was accepted), `status:500`, `cut`."""
        self.ask("POST", "/trouble", {"trouble": kind, "times": times, "path_prefix": path_prefix})

    def is_well(self) -> None:
        """Ends all that was ordered to go wrong."""
        self.ask("DELETE", "/failures")
        self.ask("DELETE", "/trouble")

    def forward(self, seconds: float) -> float:
        """Lets time pass at once."""
        return float(self.ask("POST", "/clock", {"forward": seconds})["now"])

    def stop_clock(self) -> None:
        self.ask("POST", "/clock", {"is_running": False})

    # ── the account ──────────────────────────────────────────────────────────────────────────────────────────────────

    def calls_back(self, url: str, verify_token: str | None = None, *, is_verified: bool = True) -> None:
        """The app's callback; the product may also set one for the account or the number by the Graph API."""
        body = {"callback": url, "verify_token": verify_token or self.verify_token, "is_verified": is_verified}
        self.ask("POST", "/app", body)

    def set_secrets(self, *secrets: str) -> None:
        """The first one signs."""
        self.ask("POST", "/app", {"secrets": list(secrets)})

    def new_token(self, **fields: Any) -> str:
        """`seconds=` until it expires, `wabas=[…]` it may see."""
        return str(self.ask("POST", "/tokens", fields)["token"])

    def drop_token(self, token: str) -> None:
        self.ask("DELETE", f"/tokens/{token}")

    def new_waba(self) -> str:
        return str(self.ask("POST", "/wabas", {})["id"])

    def new_number(self, **fields: Any) -> str:
        """`waba_id=`, `phone=`, `verified_name=`."""
        return str(self.ask("POST", "/numbers", fields)["id"])

    def change_number(self, number_id: str, **fields: Any) -> None:
        """`quality_rating=`, `status=`, `throughput=`."""
        self.ask("POST", f"/numbers/{number_id}", fields)

    def new_template(self, name: str, language: str, components: list[Json], **more: Any) -> Json:
        body = {"name": name, "language": language, "components": components, **more}
        made: Json = self.ask("POST", f"/wabas/{self.waba_id}/templates", body)
        return made

    # ── webhooks ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def webhooks(self) -> list[Json]:
        """Every delivery with its tries, the oldest first."""
        found: list[Json] = self.ask("GET", "/webhooks")["deliveries"]
        return found

    def hold(self) -> None:
        """Keeps webhooks back."""
        self.ask("POST", "/webhooks/hold", {})

    def release(self, size: int = 1000) -> int:
        """Sends what was held, so many updates in one webhook."""
        return int(self.ask("POST", "/webhooks/release", {"size": size})["updates"])

    def send_again(self, delivery_id: int | None = None) -> None:
        """A webhook once more, or all of them."""
        self.ask("POST", "/webhooks/again", {} if delivery_id is None else {"id": delivery_id})

    def send_raw(self, payload: Any = None, *, text: str | None = None, url: str | None = None) -> int:
        """Any payload, signed, to the callback or to `url`; `text` for what is no JSON."""
        body = {"payload": payload} if text is None else {"text": text}
        return int(self.ask("POST", "/webhooks/raw", {**body, **({"url": url} if url else {})})["id"])

    def settles(self, wait: float = WAIT, soon: float = 1.0) -> None:
        """Until all webhooks that are due (those of the next second with them) were handed over."""
        assert self.ask("GET", "/idle", query={"wait": wait, "soon": soon})["is_idle"], "webhooks are still under way"

    # ── what the business did ────────────────────────────────────────────────────────────────────────────────────────

    def calls(self, path_end: str = "") -> list[Json]:
        """The calls to the Graph API, with what was sent."""
        return [call for call in self.ask("GET", "/calls")["calls"] if call["path"].endswith(path_end)]

    def until(self, is_so: Callable[[], bool], wait: float = WAIT) -> None:
        """Until something is so."""
        end = time.monotonic() + wait
        while not is_so():
            assert time.monotonic() < end, f"it did not come to that within {wait} s"
            time.sleep(0.02)

    # ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def new_form(self, endpoint: str, name: str = "form") -> str:
        return str(self.ask("POST", "/flows", {"endpoint": endpoint, "name": name})["id"])

    def exchange(self, action: str = "ping", **more: Any) -> Json:
        """Asks a form's endpoint as a phone does: `flow=` or `endpoint=`, `screen=`, `data=`, `flow_token=`, `breaking=`."""
        result: Json = self.ask("POST", "/flows/exchange", {"action": action, **more})
        return result
