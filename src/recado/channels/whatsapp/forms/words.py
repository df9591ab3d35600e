"""What a form says where nobody wrote anything else, in each language  [pure]."""

from __future__ import annotations

from typing import Final

from recado.channels.whatsapp.forms.definition import FormDefinition, Language

_FAILED: Final[dict[Language, str]] = {
    "en": "That did not work just now. Please try again.",
    "es": "No funcionó en este momento. Inténtelo de nuevo.",
    "pt": "Não funcionou agora. Tente de novo.",
}
_ENDED: Final[dict[Language, str]] = {
    "en": "This form has expired. Please ask for it again in the chat.",
    "es": "Este formulario ya no es válido. Pídalo de nuevo en el chat.",
    "pt": "Este formulário não é mais válido. Peça de novo na conversa.",
}


def failed(definition: FormDefinition) -> str:
    """A screen could not be answered."""
    return definition.error_message or _FAILED[definition.language]


def language_of(name: object) -> Language:
    """The language of this name; the one that forms have by themselves for any other."""
    return next((language for language in _ENDED if language == name), FormDefinition().language)


def ended(language: Language) -> str:
    """The conversation of the form is over, or nobody knows of it."""
    return _ENDED[language]
