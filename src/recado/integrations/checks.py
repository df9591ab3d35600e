"""Rules that descriptions, identifiers, logos and certificates are held to, and how problems are gathered."""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Iterator, Sequence
from typing import Final

from recado.accounts.words import clean_name
from recado.errors import (
    CertificateInvalid,
    DuplicateName,
    EndpointRefused,
    FieldRequired,
    FieldTooLong,
    IdentifierInvalid,
    Invalid,
    LogoUrlInvalid,
    RecadoError,
    ValidationFailed,
)
from recado.fields import is_identifier
from recado.outbound.url import parse_url

MAX_DESCRIPTION_CHARACTERS: Final = 2000
MAX_CERTIFICATE_CHARACTERS: Final = 64 * 1024  # about 40 certificates

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@contextlib.contextmanager
def collecting(problems: list[RecadoError], path: str = "") -> Iterator[None]:
    """Note every field problem raised inside, placed below `path`, and go on after the block."""
    try:
        yield
    except ValidationFailed as failed:
        problems.extend(problem.at(path) for problem in failed.problems)
    except Invalid as problem:
        problems.append(problem.at(path))


def raise_if_any(problems: list[RecadoError]) -> None:
    """Raise ValidationFailed when something was noted."""
    if problems:
        raise ValidationFailed(problems)


def clean_optional_name(text: str | None) -> str | None:
    """A name that may be left out: blank is none. Raises FieldTooLong, Invalid."""
    return clean_name(text, "") if text and text.strip() else None


def clean_description(text: str) -> str:
    """At most 2,000 characters, line breaks as line feeds. Raises FieldTooLong, Invalid."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > MAX_DESCRIPTION_CHARACTERS:
        raise FieldTooLong(limit=MAX_DESCRIPTION_CHARACTERS)
    if _CONTROL.search(text):
        raise Invalid(reason="Control characters are not allowed here.")
    return text


def clean_logo_url(text: str | None) -> str | None:
    """An https URL, or None for an empty one; the server fetches it for browsers. Raises LogoUrlInvalid."""
    if not text or not text.strip():
        return None
    text = text.strip()
    try:
        is_https = parse_url(text).scheme == "https"
    except EndpointRefused as problem:
        raise LogoUrlInvalid from problem
    if not is_https:
        raise LogoUrlInvalid
    return text


def clean_certificates(text: str | None) -> str | None:
    """The certificates in PEM form and nothing else, or None for an empty text. Raises CertificateInvalid, FieldTooLong.

    A text with a private key is refused whole: it would be shown to everybody who may read the integration.
    """
    if not text or not text.strip():
        return None
    if len(text) > MAX_CERTIFICATE_CHARACTERS:
        raise FieldTooLong(limit=MAX_CERTIFICATE_CHARACTERS)
    if "PRIVATE KEY" in text:
        raise CertificateInvalid
    from cryptography import x509  # noqa: PLC0415  # 1.9 MB with the line below, for the few who have such an API
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415  # the same

    try:
        certificates = x509.load_pem_x509_certificates(text.encode("ascii"))
        pem = "".join(certificate.public_bytes(Encoding.PEM).decode("ascii") for certificate in certificates)
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=pem)
    except (ValueError, ssl.SSLError) as problem:  # UnicodeEncodeError is a ValueError
        raise CertificateInvalid from problem
    return pem


def check_identifiers(identifiers: Sequence[tuple[str, str]], problems: list[RecadoError]) -> None:
    """Hold (path, identifier) pairs to the identifier rule, and let none stand twice."""
    seen: set[str] = set()
    for path, identifier in identifiers:
        if not identifier:
            problems.append(FieldRequired(path))
        elif not is_identifier(identifier):
            problems.append(IdentifierInvalid(path))
        elif identifier in seen:
            problems.append(DuplicateName(path, name=identifier))
        seen.add(identifier)
