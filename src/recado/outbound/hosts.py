"""The hosts a credential is bound to: reading an entry, matching a URL, proposing entries, and showing names to people."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import idna

from recado.errors import EndpointRefused, HostEntryInvalid
from recado.outbound.url import DEFAULT_PORTS, Url, parse_url

_PUBLIC_SECOND_LABELS: Final = frozenset({
    "ac", "asso", "biz", "co", "com", "edu", "fin", "firm", "gen", "go", "gob", "gouv", "gov", "gub", "id", "idf", "in",
    "ind", "inf", "info", "int", "jus", "k12", "leg", "ltd", "me", "med", "mil", "mod", "mp", "name", "ne", "net", "nhs",
    "nic", "nom", "or", "org", "plc", "pro", "sch", "school", "srv", "store", "tm", "tv", "web",
})  # fmt: skip
"""Second labels under which country registries hand out names (com.br, co.uk, gob.mx …): no one company's own."""
_SHARED_SUFFIXES: Final = frozenset({
    "amazonaws.com", "amplifyapp.com", "apigee.net", "appspot.com", "awsapprunner.com", "azure-api.net",
    "azurecontainerapps.io", "azurewebsites.net", "blogspot.com", "cloudapp.net", "cloudflare.net", "cloudfront.net",
    "cloudfunctions.net", "deno.dev", "digitaloceanspaces.com", "elasticbeanstalk.com", "elb.amazonaws.com", "fastly.net",
    "firebaseapp.com", "fly.dev", "github.io", "gitlab.io", "herokuapp.com", "loca.lt", "netlify.app", "ngrok-free.app",
    "ngrok.app", "ngrok.dev", "ngrok.io", "nip.io", "now.sh", "on.aws", "onrender.com", "ondigitalocean.app", "pages.dev",
    "pipedream.net", "railway.app", "replit.app", "requestcatcher.com", "run.app", "sslip.io", "supabase.co",
    "trafficmanager.net", "trycloudflare.com", "vercel.app", "web.app", "webhook.site", "windows.net", "workers.dev",
    "xip.io",
})  # fmt: skip
"""Suffixes under which anybody may take a name at a hosting company or a tunnel."""


@dataclass(frozen=True, slots=True)
class HostEntry:
    """One host: exact, or (`is_wildcard`) exactly one label more than `host`; always one scheme and one port."""

    scheme: str
    host: str
    port: int
    is_wildcard: bool = False

    @property
    def text(self) -> str:
        """The shortest way to write the entry: no scheme for https, no port where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        star = "*." if self.is_wildcard else ""
        scheme = "" if self.scheme == "https" else f"{self.scheme}://"
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{scheme}{star}{host}{port}"


def parse_host_entry(text: str) -> HostEntry:
    """Read `api.acme.com`, `*.acme.com`, `api.acme.com:8443` or `http://…`; without a scheme https is meant.

    A wildcard stands for one whole label, and not directly under a suffix where anybody may take a name (`*.com`,
    `*.com.br`, `*.github.io`). Raises HostEntryInvalid.
    """
    entry = text.strip()
    scheme, separator, rest = entry.partition("://")
    if not separator:
        scheme, rest = "https", entry
    is_wildcard = rest.startswith("*.")
    try:
        url = parse_url(f"{scheme}://{rest.removeprefix('*.')}")
    except EndpointRefused as problem:
        raise HostEntryInvalid(entry=text) from problem
    has_more = url.target != "/" or "?" in rest or "#" in rest
    if has_more or (is_wildcard and (url.is_literal_address or _is_shared_suffix(url.host))):
        raise HostEntryInvalid(entry=text)
    return HostEntry(url.scheme, url.host, url.port, is_wildcard)


def _is_shared_suffix(host: str) -> bool:
    labels = host.split(".")
    if len(labels) == 1:
        return True
    is_registry = len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _PUBLIC_SECOND_LABELS
    return is_registry or host in _SHARED_SUFFIXES or ".".join(labels[1:]) in _CLOUD_REGIONS


_CLOUD_REGIONS: Final = frozenset({"amazonaws.com", "elb.amazonaws.com", "azurecontainerapps.io", "run.app", "on.aws"})
"""Suffixes with one more shared label, the region, in front (`*.eu-west-1.amazonaws.com`)."""


def is_host_allowed(entries: Sequence[HostEntry], url: Url) -> bool:
    """Whether one of the entries names this URL's scheme, host and port."""
    for entry in entries:
        if entry.scheme != url.scheme or entry.port != url.port:
            continue
        if entry.host == (url.host.partition(".")[2] if entry.is_wildcard else url.host):
            return True
    return False


def propose_hosts(urls: Iterable[Url]) -> list[str]:
    """The entries that cover these URLs exactly, each once, in the order they come."""
    return list(dict.fromkeys(HostEntry(url.scheme, url.host, url.port).text for url in urls))


# ── names shown to people ────────────────────────────────────────────────────────────────────────────────────────────


def readable_host(host: str) -> str:
    """The host with its A-labels in their own script (`xn--bcher-kva.de` → `bücher.de`); shown beside the A-labels."""
    if "xn--" not in host:
        return host
    return ".".join(idna.ulabel(label) if label.startswith("xn--") else label for label in host.split("."))


def has_mixed_scripts(host: str) -> bool:
    """Whether a label mixes scripts that one language does not mix, as in a Latin name with a Cyrillic letter.

    Chinese, Japanese and Korean mix theirs with Latin (UTS 39 §5.2, "highly restrictive").
    """
    return any(_mixes(label) for label in readable_host(host).split("."))


_EAST_ASIAN: Final = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"},
    {"LATIN", "CJK", "HANGUL"},
    {"LATIN", "CJK", "BOPOMOFO"},
)


def _mixes(label: str) -> bool:
    # The standard library has no script property; the first word of a letter's name tells the scripts apart.
    scripts = {unicodedata.name(letter, "UNKNOWN").partition(" ")[0] for letter in label if letter.isalpha()}
    return len(scripts) > 1 and not any(scripts <= group for group in _EAST_ASIAN)
