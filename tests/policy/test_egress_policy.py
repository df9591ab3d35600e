"""What may be called: public addresses by default, the operator's rules on top, metadata never."""

from __future__ import annotations

from typing import Any

import pytest

from recado.errors import EndpointAddressBlocked, EndpointRefused, RecadoError, SettingInvalid
from recado.outbound.policy import BAD_PORTS, METADATA_NAMES, EgressPolicy
from recado.outbound.url import parse_url


def refusal(policy: EgressPolicy, host: str, address: str, port: int = 443) -> str | None:
    """The kind of range (or the code of another error) an address is refused with."""
    try:
        policy.check_address(host, address, port)
    except EndpointAddressBlocked as blocked:
        return str(blocked.facts["kind"])
    except EndpointRefused as other:
        return other.code
    return None


def url_refusal(policy: EgressPolicy, text: str, *, has_secret: bool = False) -> str | None:
    try:
        policy.check_url(parse_url(text), has_secret=has_secret)
    except EndpointRefused as refused:
        return refused.code if str(refused) else "an error without a sentence"
    return None


def test_every_hostile_address_is_refused_for_its_reason(cases: dict[str, list[dict[str, Any]]]) -> None:
    policy = EgressPolicy()
    for case in cases["addresses"]:
        expected = None if case["verdict"] == "allow" else case["reason"]
        assert refusal(policy, "api.attacker.net", case["address"], case["port"]) == expected, case


def test_every_hostile_url_is_refused_when_saved_or_when_its_answers_are_judged(
    cases: dict[str, list[dict[str, Any]]],
) -> None:
    policy = EgressPolicy()
    for case in cases["urls"]:
        try:
            url = parse_url(case["url"])
            policy.check_url(url)
            for address in case.get("dns", ()):
                assert "connect" in case["verdict"]
                policy.check_address(url.host, address, url.port)
            code = None if "dns" in case or "connect" not in case["verdict"] else "endpoint_dns_failed"
        except RecadoError as refused:
            code = refused.code
        if case["verdict"] == "reject-or-ascii" and code is None:
            continue
        assert code == case.get("error"), case


# ── ports ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_web_ports_and_the_high_ones_without_another_protocol_are_called() -> None:
    policy = EgressPolicy()
    for port in (80, 443, 1024, 3000, 8080, 8443, 65535):
        assert url_refusal(policy, f"https://api.acme.com:{port}/") is None
        assert refusal(policy, "api.acme.com", "1.1.1.1", port) is None
    for port in (1, 22, 25, 79, 81, 442, 444, 993, 1023, *BAD_PORTS):
        assert url_refusal(policy, f"https://api.acme.com:{port}/") == "endpoint_port"
        assert refusal(policy, "api.acme.com", "1.1.1.1", port) == "endpoint_port"


def test_an_allow_rule_that_names_a_port_opens_it_for_its_addresses_alone() -> None:
    policy = EgressPolicy(allow=["10.0.0.0/8:5432", "1.1.1.0/24:25", "db.acme.com=192.168.0.0/16:3306"])
    assert refusal(policy, "api.acme.com", "10.1.2.3", 5432) is None
    assert refusal(policy, "api.acme.com", "1.1.1.1", 25) is None
    assert refusal(policy, "api.acme.com", "10.1.2.3", 443) == "private"
    assert refusal(policy, "api.acme.com", "8.8.8.8", 5432) == "endpoint_port"
    assert url_refusal(policy, "https://api.acme.com:5432/") is None  # its address decides
    assert url_refusal(policy, "https://10.1.2.3:5432/") is None
    assert url_refusal(policy, "https://8.8.8.8:5432/") == "endpoint_port"
    assert url_refusal(policy, "https://db.acme.com:3306/") is None
    assert url_refusal(policy, "https://api.acme.com:3306/") == "endpoint_port"


def test_an_allow_rule_without_a_port_keeps_the_port_rule() -> None:
    policy = EgressPolicy(allow=["10.0.0.0/8"])
    assert refusal(policy, "api.acme.com", "10.1.2.3", 8080) is None
    assert refusal(policy, "api.acme.com", "10.1.2.3", 5432) == "endpoint_port"
    assert not policy.is_operator_allowed("api.acme.com", "10.1.2.3", 5432)


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("host", [
    "localhost", "a.localhost", "printer.local", "db.internal", "nas.home.arpa", "home.arpa", "x.localdomain", "router.lan",
    "api.ns.svc", "a.svc.cluster.local", "x.onion", "a.test", "a.invalid", "a.example", "postgres", "host.docker.internal",
    "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.io",
])  # fmt: skip
def test_local_and_reserved_names_are_refused(host: str) -> None:
    assert url_refusal(EgressPolicy(), f"https://{host}/") == "endpoint_host_reserved"
    assert url_refusal(EgressPolicy(allow=["0.0.0.0/0", "::/0"]), f"https://{host}/") == "endpoint_host_reserved"


@pytest.mark.parametrize("host", [
    "mylocalhost.com", "local.com", "internal.io", "example.com", "arpa.net", "a.in-addr.arpa", "test.de", "lan.co",
])  # fmt: skip
def test_names_that_only_look_reserved_are_called(host: str) -> None:
    assert url_refusal(EgressPolicy(), f"https://{host}/") is None


def test_a_rule_with_a_name_lifts_that_name_for_its_addresses() -> None:
    policy = EgressPolicy(allow=["CRM.corp.internal.=10.0.0.0/8", "bücher.local=[fd00::/8]:8080"])
    assert url_refusal(policy, "https://crm.corp.internal/") is None
    assert url_refusal(policy, "https://bücher.local:8080/") is None
    assert url_refusal(policy, "https://erp.corp.internal/") == "endpoint_host_reserved"
    assert refusal(policy, "crm.corp.internal", "10.9.9.9") is None
    assert refusal(policy, "xn--bcher-kva.local", "fd00::1", 8080) is None
    assert refusal(policy, "xn--bcher-kva.local", "fd00::1", 8081) == "private"
    assert refusal(policy, "crm.corp.internal", "192.168.0.1") == "private"
    assert refusal(policy, "crm.corp.internal", "1.1.1.1") == "not_named"
    assert refusal(policy, "api.attacker.net", "10.9.9.9") == "private"


def test_a_name_with_a_rule_leads_only_where_its_rules_say() -> None:
    """A key may follow the name over plain http, so it must not be led astray to a public address."""
    policy = EgressPolicy(allow=["api.acme.com=10.0.0.0/8"])
    assert refusal(policy, "api.acme.com", "10.0.0.1") is None
    assert refusal(policy, "api.acme.com", "1.1.1.1") == "not_named"
    assert refusal(policy, "api.attacker.net", "1.1.1.1") is None


# ── order ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_EVERYTHING = ["0.0.0.0/0", "::/0", *(f"{name}=0.0.0.0/0" for name in sorted(METADATA_NAMES))]


def test_metadata_is_never_called_whatever_is_allowed(cases: dict[str, list[dict[str, Any]]]) -> None:
    policy = EgressPolicy(allow=_EVERYTHING)
    seen = 0
    for case in cases["addresses"]:
        is_metadata = case["reason"] == "metadata"
        seen += is_metadata
        if is_metadata:
            assert refusal(policy, "metadata.goog", case["address"], case["port"]) == "metadata", case
            assert not policy.is_operator_allowed("metadata.goog", case["address"], case["port"])
    assert seen > 8
    for name in METADATA_NAMES:
        assert url_refusal(policy, f"http://{name}/") == "endpoint_host_reserved"


@pytest.mark.parametrize(
    "address",
    [
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "::ffff:0:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::169.254.169.254",
        "64:ff9b:1:a9fe:a9:fe00::",
        "2002:a9fe:a9fe::1",
        "2001:0:a9fe:a9fe::1",
        "2001:0:102:304:0:ffff:5601:5601",
        "fe80::a9fe:a9fe%eth0",
        "169.254.170.2",
        "169.254.170.23",
        "169.254.0.23",
        "169.254.10.10",
    ],
)
def test_metadata_is_not_reached_by_a_way_round(address: str) -> None:
    policy = EgressPolicy(allow=_EVERYTHING)
    assert refusal(policy, "api.attacker.net", address) is not None
    assert not policy.is_operator_allowed("api.attacker.net", address, 443)


def test_deny_is_stronger_than_allow_and_default() -> None:
    policy = EgressPolicy(
        allow=["10.0.0.0/8", "64:ff9b::/96"],
        deny=["10.1.0.0/16", "8.8.8.0/24", "1.1.1.1:8443", "api.rival.com=0.0.0.0/0", "2606:4700::/32"],
    )
    assert refusal(policy, "api.acme.com", "10.2.0.1") is None
    assert refusal(policy, "api.acme.com", "10.1.0.1") == "denied"
    assert refusal(policy, "api.acme.com", "::ffff:10.1.0.1") == "denied"
    assert refusal(policy, "api.acme.com", "64:ff9b::10.1.0.1") == "denied"
    assert refusal(policy, "api.acme.com", "64:ff9b::10.2.0.1") is None
    assert refusal(policy, "api.acme.com", "8.8.8.8") == "denied"
    assert refusal(policy, "api.acme.com", "2606:4700::1") == "denied"
    assert refusal(policy, "api.acme.com", "1.1.1.1", 8443) == "denied"
    assert refusal(policy, "api.acme.com", "1.1.1.1", 443) is None
    assert refusal(policy, "api.rival.com", "93.184.216.34") == "denied"
    assert refusal(policy, "api.acme.com", "93.184.216.34") is None
    assert not policy.is_operator_allowed("api.acme.com", "10.1.0.1", 443)
    assert url_refusal(policy, "https://8.8.8.8/") == "endpoint_address_blocked"


def test_the_operators_permission_is_told_from_the_default() -> None:
    policy = EgressPolicy(allow=["10.0.0.0/8", "crm.acme.com=192.168.0.0/16"])
    assert policy.is_operator_allowed("api.acme.com", "10.1.1.1", 443)
    assert policy.is_operator_allowed("api.acme.com", "::ffff:10.1.1.1", 443)
    assert policy.is_operator_allowed("crm.acme.com", "192.168.1.1", 443)
    assert not policy.is_operator_allowed("api.acme.com", "192.168.1.1", 443)
    assert not policy.is_operator_allowed("api.acme.com", "1.1.1.1", 443)
    assert not policy.is_operator_allowed("api.acme.com", "no address", 443)


def test_a_rule_speaks_of_its_own_family_alone() -> None:
    policy = EgressPolicy(allow=["10.0.0.0/8", "fd00::/8"])
    assert refusal(policy, "api.acme.com", "::10.0.0.1") == "translation"
    assert refusal(policy, "api.acme.com", "fd00::1") is None
    everything_old = EgressPolicy(deny=["0.0.0.0/0"])
    assert refusal(everything_old, "api.acme.com", "1.1.1.1") == "denied"
    assert refusal(everything_old, "api.acme.com", "2606:4700::1") is None


def test_what_is_no_address_is_refused() -> None:
    for address in ("", "localhost", "127.1", "1.1.1.1.1", "%eth0"):
        assert refusal(EgressPolicy(allow=_EVERYTHING), "api.acme.com", address) == "unreadable"


# ── plain http ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_secret_goes_over_https_or_to_what_the_operator_named() -> None:
    policy = EgressPolicy(
        allow=["127.0.0.1:9000", "crm.acme.com=10.0.0.0/8:8080", "192.168.0.0/16"], deny=["192.168.9.0/24"]
    )
    assert url_refusal(policy, "http://127.0.0.1:9000/", has_secret=True) is None
    assert url_refusal(policy, "http://crm.acme.com:8080/", has_secret=True) is None
    assert url_refusal(policy, "http://192.168.1.1/", has_secret=True) is None
    assert url_refusal(policy, "http://192.168.9.1/", has_secret=True) == "endpoint_address_blocked"
    for text in ("http://crm.acme.com/", "http://api.acme.com/", "http://1.1.1.1/", "http://printer.acme.com:9000/"):
        assert url_refusal(policy, text, has_secret=True) == "endpoint_insecure"
        assert url_refusal(policy, text) is None
        assert url_refusal(policy, text.replace("http:", "https:"), has_secret=True) is None


# ── NAT64 ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("prefix", "public"), [("64:ff9b::/96", "64:ff9b::8.8.8.8"), ("2606:99::/32", "2606:99:808:808::")]
)
def test_behind_the_nat64_of_the_network_the_inner_address_is_judged(prefix: str, public: str) -> None:
    policy = EgressPolicy(nat64_prefix=prefix)
    assert refusal(policy, "api.acme.com", public) is None


def test_nat64_opens_nothing_that_the_inner_address_forbids() -> None:
    policy = EgressPolicy(nat64_prefix="64:ff9b::/96", allow=["192.168.0.0/16"], deny=["8.8.0.0/16"])
    assert refusal(policy, "api.acme.com", "64:ff9b::10.0.0.1") == "private"
    assert refusal(policy, "api.acme.com", "64:ff9b::169.254.169.254") == "metadata"
    assert refusal(policy, "api.acme.com", "64:ff9b::8.8.8.8") == "denied"
    assert refusal(policy, "api.acme.com", "64:ff9b::192.168.0.1") is None
    assert refusal(policy, "api.acme.com", "64:ff9b:1::9.9.9.9") == "translation"


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "is not a range"),
        ("acme.com", "is not a range"),
        ("acme.com:443", "is not a range"),
        ("acme.com=", "is not a range"),
        ("acme.com=:443", "is not a range"),
        ("10.0.0.0/33", "the length must fit"),
        ("10.1.2.3/8", "must be zero"),
        ("10.0.0.0/8:0", "is not a port"),
        ("10.0.0.0/8:65536", "is not a port"),
        ("10.0.0.0/8:", "is not a port"),
        ("10.0.0.0/8:http", "is not a port"),
        ("[fc00::/7", "[CIDR]:port"),
        ("[fc00::/7]8080", "[CIDR]:port"),
        ("fc00::/7:8080", "is not a range"),
        ("::ffff:0:0/96", "as an IPv4 range"),
        ("=10.0.0.0/8", "is not a host name"),
        ("*.acme.com=10.0.0.0/8", "is not a host name"),
        ("10.0.0.1=10.0.0.0/8", "is an address"),
        ("[::1]=10.0.0.0/8", "is an address"),
        ("0x7f.1=10.0.0.0/8", "is not a host name"),
    ],
)
def test_a_bad_rule_is_named_with_what_is_wrong(rule: str, words: str) -> None:
    for setting in ("allow", "deny"):
        with pytest.raises(SettingInvalid) as caught:
            EgressPolicy(allow=[rule] if setting == "allow" else (), deny=[rule] if setting == "deny" else ())
        sentence = str(caught.value)
        assert sentence.startswith(f"RECADO_EGRESS_{setting.upper()}: ")
        assert words in sentence


@pytest.mark.parametrize("prefix", ["10.0.0.0/8", "64:ff9b::/95", "64:ff9b::", "64:ff9b::1/96", "x"])
def test_a_bad_nat64_prefix_is_named(prefix: str) -> None:
    with pytest.raises(SettingInvalid, match="RECADO_EGRESS_NAT64_PREFIX"):
        EgressPolicy(nat64_prefix=prefix)


def test_the_policy_says_in_words_what_it_does() -> None:
    plain = EgressPolicy().describe()
    told = EgressPolicy(allow=[" 10.0.0.0/8 "], deny=["8.8.8.8"], nat64_prefix="64:ff9b::/96").describe()
    assert told[: len(plain)] == plain
    assert [sentence for sentence in told if "10.0.0.0/8" in sentence] == [
        "The operator of this server also allows: 10.0.0.0/8."
    ]
    assert any("refuses: 8.8.8.8" in sentence for sentence in told)
    assert any("64:ff9b::/96" in sentence for sentence in told)
    assert all(sentence.endswith(".") for sentence in told)
