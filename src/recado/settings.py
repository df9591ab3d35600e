"""Every setting: its name, type, default and why; read from `RECADO_…` variables or, for secrets, from `RECADO_…_FILE`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, get_type_hints

from recado.errors import SettingInvalid

KekProvider = Literal["file", "env", "vault"]
LogFormat = Literal["json", "text"]
LogLevel = Literal["debug", "info", "warning", "error"]
ServerRole = Literal["all", "api", "executor"]

_SHORTEST_TOKEN: Final = 32


def _setting(default: Any, why: str) -> Any:
    return field(default=default, metadata={"why": why})


def _secret(default: Any, why: str) -> Any:
    return field(default=default, metadata={"why": why, "is_secret": True}, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one process; made once by `load` and handed down."""

    data_dir: Path = _setting(Path("recado-data"), "Where the database, the keys and the ballast file live.")
    database_url: str = _secret("", "postgresql://… for PostgreSQL; empty for SQLite in the data folder.")
    host: str = _setting("127.0.0.1", "The address `recado serve` listens on.")
    port: int = _setting(8000, "The port `recado serve` listens on.")
    role: ServerRole = _setting(
        "all",
        "What `recado serve` does: all, or in two processes api (faces browsers, opens no secret) and executor (opens"
        " secrets and sends requests).",
    )
    executor_url: str = _setting(
        "", "With role=api: where the executor listens, for example http://127.0.0.1:8001; its whole name or address."
    )
    executor_token: str = _secret(
        "", "With role=api and executor: what the one proves itself to the other with; at least 32 characters."
    )
    public_url: str = _setting(
        "", "How browsers reach this server, when that is not http://host:port; used for links and the same-site check."
    )
    trusted_proxies: tuple[str, ...] = _setting(
        (), "Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed."
    )
    workers_max_calls: int = _setting(
        512, "Outbound calls in flight in one process; more are answered 503 executor_busy."
    )
    conversations_max_active: int = _setting(
        1000,
        "Conversations with a turn or a call under way in one process; more messages are answered 503 conversations_busy.",
    )
    conversations_max_waiting: int = _setting(
        10_000,
        "Conversations with a turn that waits for a worker; while there are more, messages are answered 503"
        " conversations_busy.",
    )
    egress_allow: tuple[str, ...] = _setting(
        (), "Ranges that may be called although the policy blocks them: CIDR, CIDR:port or name=CIDR[:port]."
    )
    egress_deny: tuple[str, ...] = _setting((), "Ranges that may never be called; the same forms; judged before allow.")
    egress_nat64_prefix: str = _setting(
        "", "The NAT64 prefix of an IPv6-only network (for example 64:ff9b::/96); the address inside is judged."
    )
    egress_hide_reason: bool = _setting(
        False, "Answer blocked, unresolved and refused alike, so that nobody can map the inner network."
    )
    egress_proxy: str = _secret(
        "", "http://host:port of a proxy all calls go through; the policy then judges the target."
    )
    egress_special_methods: bool = _setting(True, "Whether TRACE, CONNECT and OPTIONS requests may be sent.")
    dns_servers: tuple[str, ...] = _setting((), "Name servers as address[:port]; empty for those of the system.")
    secrets_require_client_sealing: bool = _setting(
        False, "Refuse plain secrets; clients must seal them to the public key."
    )
    kek_provider: KekProvider = _setting(
        "file", "Where the key that wraps the sealing keys is kept: file, env or vault."
    )
    kek: str = _secret("", "With kek_provider=env: 32 bytes as base64.")
    kek_previous: str = _secret("", "With kek_provider=env: the key before, while rotate-kek runs.")
    vault_address: str = _setting("", "With kek_provider=vault: the address of Vault.")
    vault_token: str = _secret(
        "", "With kek_provider=vault: a token that may encrypt and decrypt with the transit key."
    )
    vault_key: str = _setting("recado", "With kek_provider=vault: the name of the transit key.")
    example_port: int = _setting(
        8790,
        "The port on 127.0.0.1 of the worked example's emulated API, which runs beside a server that listens on loopback; 0"
        " for none.",
    )
    retention_days: int = _setting(30, "How long executions, and conversations that have ended, are kept.")
    delivery_retention_days: int = _setting(
        8, "How long what WhatsApp delivered is kept as it came, once it is taken in."
    )
    media_max_bytes: int = _setting(
        16 * 1024 * 1024, "The largest file that is kept of what people send, and the most that one request uploads."
    )
    media_types: tuple[str, ...] = _setting(
        (
            "image/*",
            "audio/*",
            "video/*",
            "text/*",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-*",
            "application/vnd.openxmlformats-officedocument.*",
            "application/vnd.oasis.opendocument.*",
        ),
        "The types of files that are kept of what people send; * at the end stands for anything.",
    )
    media_retention_days: int = _setting(
        30, "How long files that people sent are kept; less where their conversation is deleted before."
    )
    media_link_seconds: int = _setting(
        3600, "How long a link to such a file, made for an action's input or a message, can be opened."
    )
    audit_retention_days: int = _setting(400, "How long the audit log is kept.")
    shutdown_grace_seconds: float = _setting(30.0, "How long accepted work may finish after SIGTERM.")
    api_rate_per_second: float = _setting(
        0.0, "Requests a second one API key may make (bursts of twice that); 0 for no limit."
    )
    metrics_token: str = _secret("", "When set, /metrics asks for it as a bearer token.")
    log_format: LogFormat = _setting("json", "json for machines, text for people.")
    log_level: LogLevel = _setting("info", "debug, info, warning or error.")

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is the SQLite file in the data folder."""
        return not self.database_url

    @property
    def sqlite_path(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "recado.db"

    @property
    def is_sealing_required(self) -> bool:
        """Whether password values are taken only as their clients sealed them; split, nothing else keeps the promise."""
        return self.secrets_require_client_sealing or self.role != "all"

    @property
    def base_url(self) -> str:
        """Where a person reaches this server."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


_TYPES: Final = get_type_hints(Settings)
_WORDS: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings; `overrides` (from the command line) win, None among them meaning "not given".

    Raises SettingInvalid for a value of the wrong shape or a `RECADO_…` name that does not exist.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    known = {f.name for f in fields(Settings)}
    for variable, text in environ.items():
        if not variable.startswith("RECADO_"):
            continue
        name = variable.removeprefix("RECADO_").lower()
        if name in {"password", "ui_build"}:  # asked by `recado user create`, and by whoever builds the package
            continue
        if name not in known and name.endswith("_file") and name.removesuffix("_file") in known:
            name = name.removesuffix("_file")
            values[name] = _parse(variable, _TYPES[name], _read_file(variable, text))
        elif name in known:
            values[name] = _parse(variable, _TYPES[name], text)
        else:
            raise SettingInvalid(name=variable, reason="there is no such setting")
    values.update({name: value for name, value in overrides.items() if value is not None})
    settings = Settings(**values)
    if settings.role != "all":
        _check_split(settings)
    return settings


def _check_split(settings: Settings) -> None:
    """What a server in two processes needs, and what the one that faces browsers must not even hold."""
    if settings.is_sqlite:
        reason = "two processes need PostgreSQL: set RECADO_DATABASE_URL, or serve with one process (role all)"
        raise SettingInvalid(name="RECADO_ROLE", reason=reason)
    token = settings.executor_token
    if len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        reason = (
            f"api and executor need the same text of at least {_SHORTEST_TOKEN} letters, digits and signs;"
            " make one with: openssl rand -hex 32"
        )
        raise SettingInvalid(name="RECADO_EXECUTOR_TOKEN", reason=reason)
    if settings.role != "api":
        return
    if not settings.executor_url:
        reason = "say where the executor listens, for example http://127.0.0.1:8001"
        raise SettingInvalid(name="RECADO_EXECUTOR_URL", reason=reason)
    for name in ("kek", "kek_previous", "vault_token"):
        if getattr(settings, name):
            reason = "an api process must not be able to open a secret: give it to the executor alone"
            raise SettingInvalid(name=f"RECADO_{name.upper()}", reason=reason)


def _read_file(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingInvalid(name=variable, reason="the file cannot be read") from problem


def _parse(variable: str, kind: Any, text: str) -> Any:
    text = text.strip()
    try:
        if kind is bool:
            return _WORDS[text.lower()]
        if kind is int or kind is float:
            return kind(text)
    except (ValueError, KeyError) as problem:
        wanted = {bool: "true or false", int: "a whole number", float: "a number"}[kind]
        raise SettingInvalid(name=variable, reason=f"must be {wanted}") from problem
    if kind is Path:
        return Path(text)
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    choices = getattr(kind, "__args__", None)
    if choices and text not in choices:
        raise SettingInvalid(name=variable, reason=f"must be one of {', '.join(choices)}")
    return text
