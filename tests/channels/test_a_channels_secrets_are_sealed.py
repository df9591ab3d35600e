"""A channel's secrets: sealed here or by the client, bound to their place and host, opened for a minute, never shown."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from recado.credentials import rotation
from recado.credentials.sealing import ALG
from recado.db.tables import channel_secrets
from recado.errors import NotFound, SecretUnreadable

NUMBER: dict[str, Any] = {"phone_number_id": "100200300400500", "waba_id": "500400300200100"}
META = ["graph.facebook.com", "lookaside.fbsbx.com"]


def open_channel(server: Any, shop: Any, channel_id: str) -> Any:
    return server.run(server.parts.channels.by_id(shop.workspace_id, channel_id))


def test_what_goes_in_is_opened_for_use_and_never_comes_out(shop: Any, server: Any) -> None:
    made = shop.created(secrets={"access_token": "a-token-7391", "app_secret": "secret-7391"})
    answer = shop.put(made["id"], {"verify_token": "verify-7391"})

    assert shop.held(made["id"]) == {"access_token", "app_secret", "verify_token"}
    assert "7391" not in answer.text
    opened = open_channel(server, shop, made["id"])
    assert opened.access_token == "a-token-7391"
    assert opened.app_secrets == (b"secret-7391",)
    assert opened.verify_token == "verify-7391"
    assert [entry.text for entry in opened.hosts] == META
    assert "7391" not in repr(opened)
    key = made["callback_url"].split("/")[-2]
    assert server.run(server.parts.channels.by_key(key)) is opened
    with server.database.begin() as connection:
        rows = connection.execute(sa.select(channel_secrets)).all()
    assert "7391" not in repr(rows)


def test_a_client_seals_to_the_channels_place(shop: Any, server: Any) -> None:
    made = shop.created()
    sealed = {
        "access_token": shop.seal(made["id"], "access_token", "a-token-7391", made["hosts"]),
        "app_secret": shop.seal(made["id"], "app_secret", "secret-7391"),
    }

    answer = shop.put(made["id"], sealed)

    assert answer.status_code == 200, answer.text
    assert open_channel(server, shop, made["id"]).access_token == "a-token-7391"


def test_a_sealed_value_of_another_place_or_host_is_refused(shop: Any, codes: Any) -> None:
    made, other = shop.created(), shop.created()
    elsewhere = shop.seal(other["id"], "app_secret", "secret-7391")
    another = shop.seal(made["id"], "verify_token", "secret-7391")
    wide = shop.seal(made["id"], "access_token", "a-token-7391", ["evil.example.net"])
    bound = shop.seal(made["id"], "app_secret", "secret-7391", META)

    for name, value in (("app_secret", elsewhere), ("app_secret", another)):
        assert codes(shop.put(made["id"], {name: value})) == {f"secrets.{name}": "sealed_value_invalid"}
    for name, value in (("access_token", wide), ("app_secret", bound)):
        assert codes(shop.put(made["id"], {name: value})) == {f"secrets.{name}": "invalid_value"}
    wrong = {"kid": "0" * 16, "alg": ALG, "sealed": bound["sealed"]}
    assert codes(shop.put(made["id"], {"app_secret": wrong})) == {"secrets.app_secret": "sealed_value_invalid"}
    assert codes(shop.put(made["id"], {"password": "x"})) == {"password": "unknown_field"}
    assert codes(shop.put(made["id"], {"flow_key": "x"})) == {"flow_key": "unknown_field"}
    assert codes(shop.put(made["id"], {"access_token": " a-token "})) == {"secrets.access_token": "invalid_value"}
    assert shop.held(made["id"]) == set()


def test_a_server_that_wants_sealed_secrets_takes_no_others(start_server: Any, codes: Any) -> None:
    server = start_server(secrets_require_client_sealing=True)
    workspace = server.new_workspace()
    client = workspace.client()
    refused = client.post("/channels", json={"name": "Shop", "settings": NUMBER, "secrets": {"app_secret": "plain"}})

    assert codes(refused) == {"secrets.app_secret": "secret_must_be_sealed"}
    workspace.close()


def test_a_new_app_secret_leaves_the_one_before_valid_until_it_is_cleared(shop: Any, server: Any) -> None:
    made = shop.created(secrets={"app_secret": "first-7391"})
    shop.put(made["id"], {"app_secret": "first-7391"})
    assert shop.held(made["id"]) == {"app_secret"}

    shop.put(made["id"], {"app_secret": "second-7391"})
    assert open_channel(server, shop, made["id"]).app_secrets == (b"second-7391", b"first-7391")

    shop.put(made["id"], {"app_secret_before": None})
    assert open_channel(server, shop, made["id"]).app_secrets == (b"second-7391",)


def test_another_host_needs_the_access_token_again(shop: Any, server: Any, codes: Any) -> None:
    made = shop.created(secrets={"access_token": "a-token-7391", "verify_token": "verify-7391"})
    elsewhere = {"settings": {"base_url": "http://127.0.0.1:8943"}}

    refused = shop.client.patch(f"/channels/{made['id']}", json=elsewhere)
    assert codes(refused) == {"settings.base_url": "secret_required_for_hosts"}

    taken = shop.client.patch(f"/channels/{made['id']}", json={**elsewhere, "secrets": {"access_token": "other-7391"}})
    assert taken.status_code == 200, taken.text
    opened = open_channel(server, shop, made["id"])
    assert (opened.access_token, opened.verify_token) == ("other-7391", "verify-7391")
    assert [entry.text for entry in opened.hosts] == ["http://127.0.0.1:8943"]


def test_another_workspace_opens_nothing_also_while_the_channel_is_being_opened(shop: Any, server: Any) -> None:
    made = shop.created(secrets={"access_token": "a-token-7391"})
    other = server.new_workspace()
    for _ in range(2):
        with pytest.raises(NotFound):
            server.run(server.parts.channels.by_id(other.id, made["id"]))
        assert open_channel(server, shop, made["id"]).access_token == "a-token-7391"
    for key in ("", "nothing", "x" * 65, "\0", "ключ"):
        with pytest.raises(NotFound):
            server.run(server.parts.channels.by_key(key))
    other.close()


def test_a_rotation_seals_them_anew_and_a_moved_one_does_not_open(shop: Any, server: Any) -> None:
    made = shop.created(secrets={"access_token": "a-token-7391", "app_secret": "secret-7391"})
    before = shop.client.get("/secrets").json()
    assert [key["sealed_values"] for key in before["keys"]] == [2]

    done = rotation.rotate_seal(server.database, shop.workspace_id, server.parts.kek)

    assert (done.resealed, done.left, done.deleted, done.failures) == (2, 0, [before["kid"]], [])
    server.parts.channels.forget()
    assert open_channel(server, shop, made["id"]).access_token == "a-token-7391"
    own = channel_secrets.c.channel_id == made["id"]
    with server.database.begin() as connection:
        sealed = connection.scalar(
            sa.select(channel_secrets.c.sealed).where(own, channel_secrets.c.name == "app_secret")
        )
        moved = sa.update(channel_secrets).where(own, channel_secrets.c.name == "access_token").values(sealed=sealed)
        connection.execute(moved)
    server.parts.channels.forget()
    with pytest.raises(SecretUnreadable):
        open_channel(server, shop, made["id"])
    [failure] = [
        item
        for item in rotation.verify(server.database, server.parts.kek).failures
        if item.workspace_id == shop.workspace_id
    ]
    assert (failure.credential_id, failure.identifier, failure.code) == (
        made["id"],
        "access_token",
        "secret_unreadable",
    )
