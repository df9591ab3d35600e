"""A secret is sealed together with the hosts it may go to; other hosts need the secret again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.credentials.definition import Hosts, HostsAtHand, constant_origin, propose, settle_hosts
from recado.errors import ValidationFailed
from recado.outbound.hosts import parse_host_entry


def opened_hosts(server: Any, workspace_id: str, credential_id: str) -> dict[str, list[str]]:
    opened = server.run(server.parts.vault.open_credential(workspace_id, credential_id))
    return {identifier: [entry.text for entry in hosts] for identifier, hosts in opened.hosts.items()}


def test_the_hosts_are_proposed_from_the_test_request_and_the_actions(acme: Any, make_another: Any) -> None:
    for name, endpoint in {
        "one": "https://api.acme.com:8443/{{inputs.id}}",
        "two": "https://eu.acme.net?x=1",
        "three": "https://{{auth.region}}.acme.com/x",
        "four": "https://api.acme.com/again",
    }.items():
        answer = acme.client.post(
            f"/integrations/{acme.integration_id}/actions",
            json={
                "name": name,
                "inputs": [{"key": "id", "name": "Id", "type": "string", "required": True}],
                "request": {"method": "GET", "endpoint": endpoint},
            },
        )
        assert answer.status_code == 201, answer.text
    expected = ["api.acme.com", "api.acme.com:8443", "eu.acme.net"]

    proposed = acme.client.get(f"/integrations/{acme.integration_id}/proposed-hosts").json()

    assert proposed == {"hosts": expected}
    assert acme.created({"api_key": "k-4711-4711"})["hosts"] == expected


def test_without_a_proposal_the_hosts_must_be_named(make_another: Any, codes: Any) -> None:
    bare = make_another(test_request=None)

    answer = bare.create({"api_key": "k-4711-4711"})

    assert (answer.status_code, codes(answer)) == (422, {"hosts": "hosts_required"})
    answer = bare.create({"api_key": "k-4711-4711"}, hosts=[])
    assert (answer.status_code, codes(answer)) == (422, {"hosts": "hosts_required"})
    named = bare.created({"api_key": "k-4711-4711"}, hosts=["HTTPS://API.acme.com:443", "api.acme.com", "*.acme.com"])
    assert named["hosts"] == ["api.acme.com", "*.acme.com"]


def test_without_a_password_no_hosts_are_needed(make_another: Any) -> None:
    fields = [{"identifier": "region", "type": "text", "required": True}]

    assert make_another(auth={"fields": fields}, test_request=None).created({"region": "eu"})["hosts"] == []


@pytest.mark.parametrize("entry", ["*", "*.com", "acme.com/path", "user@acme.com", "", "x" * 301, "acme.com:0"])
def test_an_entry_that_binds_nothing_is_refused(acme: Any, codes: Any, entry: str) -> None:
    answer = acme.create({"api_key": "k-4711-4711"}, hosts=["api.acme.com", entry])

    assert (answer.status_code, codes(answer)) == (422, {"hosts[1]": "host_entry_invalid"})


def test_at_most_twenty_hosts(acme: Any, codes: Any) -> None:
    answer = acme.create({"api_key": "k-4711-4711"}, hosts=[f"h{number}.acme.com" for number in range(21)])

    assert (answer.status_code, codes(answer)) == (422, {"hosts": "too_many"})


def test_other_hosts_need_every_secret_again(acme: Any, codes: Any, server: Any) -> None:
    made = acme.created({"api_key": "first-key", "signing_key": "second-key", "region": "eu"})

    for values in ({}, {"region": "us"}, {"api_key": "first-key"}, {"signing_key": "second-key"}):
        answer = acme.put(made["id"], values, hosts=["evil.example"])
        assert (answer.status_code, codes(answer)) == (422, {"hosts": "secret_required_for_hosts"})
    answer = acme.put(made["id"], {}, hosts=["api.acme.com", "evil.example"])
    assert codes(answer) == {"hosts": "secret_required_for_hosts"}
    assert acme.get(made["id"]) == made
    assert opened_hosts(server, acme.workspace_id, made["id"]) == {
        "api_key": ["api.acme.com"],
        "signing_key": ["api.acme.com"],
    }

    answer = acme.put(made["id"], {"api_key": "first-key", "signing_key": "second-key"}, hosts=["new.acme.com"])

    assert (answer.status_code, answer.json()["hosts"]) == (200, ["new.acme.com"])
    assert opened_hosts(server, acme.workspace_id, made["id"]) == {
        "api_key": ["new.acme.com"],
        "signing_key": ["new.acme.com"],
    }


def test_a_secret_that_is_dropped_need_not_be_entered_again(acme: Any) -> None:
    made = acme.created({"api_key": "first-key", "signing_key": "second-key"})

    answer = acme.put(made["id"], {"api_key": "first-key", "signing_key": None}, hosts=["new.acme.com"])

    assert (answer.status_code, answer.json()["hosts"]) == (200, ["new.acme.com"])


def test_the_same_hosts_in_another_order_or_spelling_are_no_change(acme: Any) -> None:
    made = acme.created({"api_key": "first-key"}, hosts=["api.acme.com", "eu.acme.com"])

    answer = acme.put(made["id"], {}, hosts=["https://EU.acme.com", "api.acme.com:443"])

    assert answer.status_code == 200


def test_a_new_secret_without_hosts_keeps_those_of_before(acme: Any, server: Any) -> None:
    made = acme.created({"api_key": "first-key"}, hosts=["only.acme.com"])

    acme.put(made["id"], {"api_key": "second-key"})
    acme.put(made["id"], {"signing_key": "third-key"})

    assert opened_hosts(server, acme.workspace_id, made["id"]) == {
        "api_key": ["only.acme.com"],
        "signing_key": ["only.acme.com"],
    }


def test_hosts_changed_in_the_database_bind_nothing_and_are_not_taken_over(acme: Any, server: Any) -> None:
    made = acme.created({"api_key": "first-key"})
    with server.database.begin() as connection:
        connection.exec_driver_sql(f"""update credentials set hosts = '["evil.example"]' where id = '{made["id"]}'""")
    server.run(forget(server))

    assert opened_hosts(server, acme.workspace_id, made["id"]) == {"api_key": ["api.acme.com"]}
    answer = acme.put(made["id"], {"signing_key": "second-key"})
    assert answer.json()["hosts"] == ["api.acme.com"]
    assert opened_hosts(server, acme.workspace_id, made["id"])["signing_key"] == ["api.acme.com"]


def test_hosts_named_beforehand_bind_what_is_entered_later(acme: Any) -> None:
    made = acme.created({}, hosts=["only.acme.com"])

    assert made["hosts"] == ["only.acme.com"]
    assert acme.put(made["id"], {}, hosts=["other.acme.com"]).json()["hosts"] == ["other.acme.com"]
    assert acme.put(made["id"], {"api_key": "first-key"}).json()["hosts"] == ["other.acme.com"]


async def forget(server: Any) -> None:
    server.parts.vault.forget()


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("https://api.acme.com", "https://api.acme.com"),
        ("HTTPS://API.Acme.com/v1/{{inputs.id}}?x={{auth.region}}", "https://api.acme.com"),
        ("https://api.acme.com?x={{inputs.id}}", "https://api.acme.com"),
        ("http://10.0.0.7:8080/#x", "http://10.0.0.7:8080"),
        ("https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443"),
        ("https://api.acme.com{{inputs.id}}", None),
        ("https://api.acme.com:{{auth.region}}/x", None),
        ("https://{{auth.region}}.acme.com/x", None),
        ("{{inputs.url}}", None),
        ("https://user@acme.com/", None),
        ("https://acme.com/{{oops}}", None),
        ("ftp://acme.com/", None),
        ("https://", None),
        ("", None),
    ],
)
def test_an_endpoint_leads_to_one_origin_or_to_none_that_is_fixed(endpoint: str, origin: str | None) -> None:
    found = constant_origin(endpoint)

    assert (found.origin if found else None) == origin
    assert len(propose([endpoint, endpoint])) == (origin is not None)


def settle(at_hand: HostsAtHand, *, has_password: bool) -> tuple[Hosts | None, set[str]]:
    """The settled hosts, or the codes of the refusal."""
    try:
        return settle_hosts(at_hand, has_password=has_password), set()
    except ValidationFailed as failed:
        return None, {problem.code for problem in failed.problems}


HOSTS = st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(
    lambda names: tuple(parse_host_entry(f"{name}.acme.com") for name in names)
)


@given(
    given=st.none() | HOSTS,
    sealed=st.dictionaries(st.sampled_from(["k", "l"]), HOSTS),
    kept=st.lists(HOSTS, max_size=2),
    replaced=st.lists(HOSTS, max_size=2),
    noted=HOSTS,
    proposed=HOSTS,
    has_more=st.booleans(),
)
def test_whatever_is_settled_agrees_with_every_seal(
    given: Any, sealed: Any, kept: Any, replaced: Any, noted: Any, proposed: Any, has_more: bool
) -> None:
    at_hand = HostsAtHand(
        given=given, sealed=sealed, kept=kept, replaced=replaced, noted=noted, proposed=lambda: proposed
    )
    has_password = bool(sealed or kept or has_more)

    settled, refused = settle(at_hand, has_password=has_password)

    assert refused <= {"invalid_value", "hosts_required", "secret_required_for_hosts"}
    if settled is None:
        return
    assert all(set(hosts) == set(settled) for hosts in [*sealed.values(), *kept])
    assert settled or not has_password
    assert given is None or settled == given
