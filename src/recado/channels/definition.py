"""What a channel is set to, and the rules for it  [pure]."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

import msgspec

from recado.channels.starting_schemas import BeginTemplate
from recado.errors import EndpointRefused, FieldRequired, FieldTooLong, Invalid, RecadoError, TooMany
from recado.ids import is_id
from recado.outbound.hosts import HostEntry, parse_host_entry, propose_hosts
from recado.outbound.url import Url, parse_url

StartKind = Literal["any", "keyword", "referral", "template_button"]
SecretName = Literal["access_token", "app_secret", "app_secret_before", "verify_token"]

META: Final = "https://graph.facebook.com"
SECRET_NAMES: Final[tuple[SecretName, ...]] = ("access_token", "app_secret", "app_secret_before", "verify_token")
"""What people enter; `flow_key`, the key of forms, is made here."""
FLOW_KEY: Final = "flow_key"
MOST_WORDS: Final = 50
MOST_STARTS: Final = 50
MAX_WORD_CHARACTERS: Final = 100
MOST_VALUES: Final = 50
MAX_VALUE_CHARACTERS: Final = 1024
OPT_OUT_WORDS: Final = ("stop", "unsubscribe", "baja", "alto", "parar", "pare", "descadastrar")
OPT_IN_WORDS: Final = ("start", "subscribe", "alta", "inscrever")

_META_ID: Final = re.compile(r"[0-9]{3,32}")
_VERSION: Final = re.compile(r"v[1-9][0-9]{0,2}\.[0-9]{1,2}")
_TEMPLATE_NAME: Final = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Meta hands out media from here, for the same access token.
_META_MEDIA: Final = "lookaside.fbsbx.com"


class Start(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody's first message has to be so that a flow begins; the first rule that fits does.

    `words`: of a keyword what is written, of a template's button what it carries; `source_ids`: of a referral the ads.
    Without any, all fit.
    """

    flow_id: str
    kind: StartKind = "any"
    words: list[str] = []
    match: Literal["exact", "contains"] = "exact"
    source_ids: list[str] = []


class FallbackTemplate(BeginTemplate, forbid_unknown_fields=True, omit_defaults=True):
    """A template by its name and language at Meta, with values that are the same for everybody."""

    name: str
    language: str


class ChannelSettings(msgspec.Struct, forbid_unknown_fields=True):
    """How a WhatsApp number is reached and how it behaves."""

    phone_number_id: str
    waba_id: str
    """The WhatsApp Business Account that the number belongs to."""
    graph_version: str = "v26.0"
    base_url: str = META
    """Where the Graph API is; a stand-in's address in a test."""
    starts: list[Start] = []
    stale_after_seconds: int = 900
    """A message older than this when it arrives is kept and answered only where its conversation still waits for it."""
    opt_out_words: list[str] = msgspec.field(default_factory=lambda: list(OPT_OUT_WORDS))
    opt_in_words: list[str] = msgspec.field(default_factory=lambda: list(OPT_IN_WORDS))
    marks_read: bool = True
    shows_typing: bool = True
    sends_per_second: int = 80
    fallback_template: FallbackTemplate | None = None
    """Sent once in the place of what a flow says to somebody who has not written for 24 hours; the rest follows their answer."""


class SettingsChange(msgspec.Struct, forbid_unknown_fields=True):
    """Some of a channel's settings; what is not given stays."""

    phone_number_id: str | msgspec.UnsetType = msgspec.UNSET
    waba_id: str | msgspec.UnsetType = msgspec.UNSET
    graph_version: str | msgspec.UnsetType = msgspec.UNSET
    base_url: str | msgspec.UnsetType = msgspec.UNSET
    starts: list[Start] | msgspec.UnsetType = msgspec.UNSET
    stale_after_seconds: int | msgspec.UnsetType = msgspec.UNSET
    opt_out_words: list[str] | msgspec.UnsetType = msgspec.UNSET
    opt_in_words: list[str] | msgspec.UnsetType = msgspec.UNSET
    marks_read: bool | msgspec.UnsetType = msgspec.UNSET
    shows_typing: bool | msgspec.UnsetType = msgspec.UNSET
    sends_per_second: int | msgspec.UnsetType = msgspec.UNSET
    fallback_template: FallbackTemplate | msgspec.UnsetType | None = msgspec.UNSET

    def given(self) -> dict[str, Any]:
        """The settings that were given, by name."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not msgspec.UNSET}


def clean_settings(settings: ChannelSettings) -> tuple[ChannelSettings, list[RecadoError]]:
    """The settings as they are kept, and every problem with its place below `settings`."""
    problems: list[RecadoError] = []
    for name in ("phone_number_id", "waba_id"):
        _check_id(getattr(settings, name), name, problems)
    version = settings.graph_version.strip()
    if not _VERSION.fullmatch(version):
        problems.append(Invalid("graph_version", reason="Write a version of the Graph API such as v26.0."))
    base_url = _clean_base(settings.base_url, problems)
    _check_span(settings.stale_after_seconds, "stale_after_seconds", (30, 7 * 86_400), problems)
    _check_span(settings.sends_per_second, "sends_per_second", (1, 1000), problems)
    if settings.fallback_template is not None:
        _check_template(settings.fallback_template, problems)
    cleaned = msgspec.structs.replace(
        settings,
        graph_version=version,
        base_url=base_url,
        starts=_clean_starts(settings.starts, problems),
        opt_out_words=_clean_words(settings.opt_out_words, "opt_out_words", problems),
        opt_in_words=_clean_words(settings.opt_in_words, "opt_in_words", problems),
    )
    return cleaned, [problem.at("settings") for problem in problems]


def _check_id(text: str, path: str, problems: list[RecadoError]) -> None:
    if not text:
        problems.append(FieldRequired(path))
    elif not _META_ID.fullmatch(text):
        problems.append(Invalid(path, reason="This is a number that Meta shows, digits alone; it is no phone number."))


def _check_template(template: FallbackTemplate, problems: list[RecadoError]) -> None:
    if not _TEMPLATE_NAME.fullmatch(template.name):
        reason = "Write the template's name as Meta shows it: lowercase letters, digits and underscores."
        problems.append(Invalid("fallback_template.name", reason=reason))
    if not _LANGUAGE.fullmatch(template.language):
        problems.append(
            Invalid("fallback_template.language", reason="Write the template's language such as en or pt_BR.")
        )
    values = template.parameters
    if len(values) > MOST_VALUES:
        problems.append(TooMany("fallback_template.parameters", limit=MOST_VALUES))
    texts = [*values, *values.values()] if isinstance(values, dict) else values
    if any(len(text) > MAX_VALUE_CHARACTERS for text in texts):
        problems.append(FieldTooLong("fallback_template.parameters", limit=MAX_VALUE_CHARACTERS))


def _check_span(value: int, path: str, span: tuple[int, int], problems: list[RecadoError]) -> None:
    least, most = span
    if not least <= value <= most:
        problems.append(Invalid(path, reason=f"Choose a number from {least} to {most}."))


def _clean_base(text: str, problems: list[RecadoError]) -> str:
    try:
        url = parse_url(text.strip())
    except EndpointRefused as problem:
        problems.append(problem.at("base_url"))
        return text
    if "?" in url.target:
        problems.append(Invalid("base_url", reason="Leave the part from the question mark on out."))
    return f"{url.origin}{url.target.rstrip('/')}"


def _clean_words(words: list[str], path: str, problems: list[RecadoError]) -> list[str]:
    """Each once, trimmed, blank ones left out."""
    if len(words) > MOST_WORDS:
        problems.append(TooMany(path, limit=MOST_WORDS))
    cleaned = list(dict.fromkeys(text for word in words if (text := " ".join(word.split()))))
    for index, word in enumerate(cleaned):
        if len(word) > MAX_WORD_CHARACTERS or _CONTROL.search(word):
            reason = f"Write at most {MAX_WORD_CHARACTERS} characters, and no control characters."
            problems.append(Invalid(f"{path}[{index}]", reason=reason))
    return cleaned


def _clean_starts(starts: list[Start], problems: list[RecadoError]) -> list[Start]:
    if len(starts) > MOST_STARTS:
        problems.append(TooMany("starts", limit=MOST_STARTS))
    return [_clean_start(start, f"starts[{index}]", problems) for index, start in enumerate(starts)]


def _clean_start(start: Start, path: str, problems: list[RecadoError]) -> Start:
    """What the kind has no use for is dropped."""
    has_words = start.kind in {"keyword", "template_button"}
    words = _clean_words(start.words, f"{path}.words", problems) if has_words else []
    sources = _clean_words(start.source_ids, f"{path}.source_ids", problems) if start.kind == "referral" else []
    if start.kind == "keyword" and not words:
        problems.append(FieldRequired(f"{path}.words"))
    if not is_id(start.flow_id, "flw"):
        problems.append(Invalid(f"{path}.flow_id", reason="Choose a flow of this workspace."))
    return msgspec.structs.replace(start, words=words, source_ids=sources)


def hosts_of(base_url: str) -> tuple[HostEntry, ...]:
    """Where the access token may be sent: to the Graph API, and for Meta's own also to where media are fetched."""
    url = parse_url(base_url)
    hosts = propose_hosts([url, *([_MEDIA_URL] if url.origin == META else [])])
    return tuple(map(parse_host_entry, hosts))


_MEDIA_URL: Final[Url] = parse_url(f"https://{_META_MEDIA}")
