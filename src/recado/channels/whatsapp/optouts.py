"""What a person is told who wants to hear no more, or to hear of us again: once, in the language of their last flow."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from recado.channels.definition import ChannelSettings
from recado.conversations.programs import Programs
from recado.conversations.repository import Row
from recado.errors import NotFound, RecordCorrupt
from recado.flows.events import Outgoing

_OUT: Final = {
    "en": "You will not hear from us any more.",
    "es": "No volverás a recibir mensajes nuestros.",
    "pt": "Você não receberá mais mensagens nossas.",
}
_BACK: Final = {
    "en": "If you change your mind, write: {word}",
    "es": "Si cambias de opinión, escribe: {word}",
    "pt": "Se mudar de ideia, escreva: {word}",
}
_IN: Final = {
    "en": "Welcome back. Write to us whenever you like.",
    "es": "Qué bueno tenerte de vuelta. Escríbenos cuando quieras.",
    "pt": "Que bom ter você de volta. Escreva quando quiser.",
}
_WORDS: Final = {"en": "start", "es": "alta", "pt": "inscrever"}


def opted_out(language: str, settings: ChannelSettings) -> str:
    """The farewell, with the word that undoes it: the usual one of the language, if the channel knows it."""
    words = settings.opt_in_words
    if not words:
        return _OUT[language]
    usual = _WORDS[language]
    word = usual if usual in words else words[0]
    return f"{_OUT[language]} {_BACK[language].format(word=word.upper())}"


def opted_in(language: str) -> str:
    """The welcome."""
    return _IN[language]


def message(text: str) -> Outgoing:
    """It as a message."""
    return Outgoing(type="text", text=text)


def language_of(connection: sa.Connection, programs: Programs, row: Row) -> str:
    """The language of a conversation's flow."""
    try:
        flow = programs.load(connection, row.workspace_id, row.version_id).get(row.version_id)
    except (NotFound, RecordCorrupt):
        return "en"
    return "en" if flow is None else flow.settings.language
