"""The hosts a credential is bound to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.errors import EndpointRefused, HostEntryInvalid
from recado.outbound.hosts import has_mixed_scripts, is_host_allowed, parse_host_entry, propose_hosts, readable_host
from recado.outbound.url import parse_host, parse_url


def test_every_case_of_the_table(cases: dict[str, list[dict[str, Any]]]) -> None:
    for case in cases["allowed_hosts"]:
        try:
            entries = [parse_host_entry(entry) for entry in case["allowed_hosts"]]
            is_allowed = is_host_allowed(entries, parse_url(case["url"]))
        except (HostEntryInvalid, EndpointRefused):
            is_allowed = False
        assert is_allowed == (case["verdict"] == "allow"), case


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("api.acme.com", "api.acme.com"),
        (" https://API.Acme.com.:443/ ", "api.acme.com"),
        ("http://api.acme.com", "http://api.acme.com"),
        ("http://api.acme.com:8080", "http://api.acme.com:8080"),
        ("*.acme.com:8443", "*.acme.com:8443"),
        ("https://*.bücher.de", "*.xn--bcher-kva.de"),
        ("*.acme.com.br", "*.acme.com.br"),
        ("*.shop.github.io", "*.shop.github.io"),
        ("[2606:4700:0::1]:8443", "[2606:4700::1]:8443"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
    ],
)
def test_an_entry_is_kept_in_its_shortest_form(text: str, shortest: str) -> None:
    entry = parse_host_entry(text)
    assert entry.text == shortest
    assert parse_host_entry(entry.text) == entry


@pytest.mark.parametrize("text", [
    "*", "*.com", "*.com.br", "*.co.uk", "*.gob.mx", "*.github.io", "*.herokuapp.com", "*.amazonaws.com",
    "*.eu-west-1.amazonaws.com", "*.10.0.0.1", "*.[::1]", "*.*.acme.com", "a*.acme.com", "*acme.com", "api.*.com",
    "api.acme.com/v1", "api.acme.com/?", "api.acme.com?", "api.acme.com#", "user@acme.com", "ftp://acme.com", "//acme.com",
    "0x7f.1", "api.acme.com:0", "*.localhost",
])  # fmt: skip
def test_what_is_no_host_of_ones_own_is_refused_by_name(text: str) -> None:
    with pytest.raises(HostEntryInvalid) as caught:
        parse_host_entry(text)
    assert caught.value.facts["entry"] == text


def test_an_empty_entry_is_refused() -> None:
    with pytest.raises(HostEntryInvalid):
        parse_host_entry("  ")


def test_without_entries_nothing_is_allowed() -> None:
    assert not is_host_allowed([], parse_url("https://api.acme.com/"))


def test_proposals_cover_the_urls_they_come_from_each_once() -> None:
    texts = [
        "https://api.acme.com/v1",
        "https://api.acme.com/v2",
        "http://127.0.0.1:9000/x",
        "https://[2606:4700::1]:8443/",
    ]
    urls = [parse_url(text) for text in texts]
    proposed = propose_hosts(urls)
    assert proposed == ["api.acme.com", "http://127.0.0.1:9000", "[2606:4700::1]:8443"]
    entries = [parse_host_entry(text) for text in proposed]
    assert all(is_host_allowed(entries, url) for url in urls)
    assert not is_host_allowed(entries, parse_url("https://127.0.0.1:9000/x"))


_LABEL = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)


@given(st.lists(_LABEL, min_size=1, max_size=4), st.lists(_LABEL, min_size=1, max_size=4))
def test_a_host_is_covered_by_its_own_entry_and_no_other(entry_labels: list[str], url_labels: list[str]) -> None:
    entry = parse_host_entry(".".join(entry_labels))
    assert is_host_allowed([entry], parse_url(f"https://{'.'.join(url_labels)}/")) == (entry_labels == url_labels)


@given(st.lists(_LABEL, min_size=1, max_size=5))
def test_a_wildcard_stands_for_exactly_one_label(labels: list[str]) -> None:
    entry = parse_host_entry("*.pay.acme-corp.com")
    url = parse_url(f"https://{'.'.join(labels)}.pay.acme-corp.com/")
    assert is_host_allowed([entry], url) == (len(labels) == 1)


# ── names shown to people ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_label_name_is_shown_in_its_own_script() -> None:
    assert readable_host("api.xn--bcher-kva.de") == "api.bücher.de"
    assert readable_host("api.acme.com") == "api.acme.com"


@pytest.mark.parametrize(
    ("text", "is_mixed"),
    [
        ("api.acme.com", False),
        ("bücher.de", False),
        ("пример.com", False),
        ("日本カタかな.jp", False),
        ("한국語.kr", False),
        ("shop日本.jp", False),
        ("p\u0430ypal.com", True),
        ("\u03b1cme.com", True),
        ("日本пр.jp", True),
    ],
)
def test_a_label_that_mixes_scripts_is_noticed(text: str, is_mixed: bool) -> None:
    assert has_mixed_scripts(parse_host(text)) is is_mixed
