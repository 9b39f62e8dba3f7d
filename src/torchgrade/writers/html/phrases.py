"""What the pages themselves say, in the languages they speak; a catalogue has each phrase by its English text.

What other reports say as well is in the catalogue of sentences.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from torchgrade.model.said import LANGUAGES
from torchgrade.model.said import catalogue as sentences


def phrase(text: str, language: str) -> str:
    """The phrase in a language; as it is where the language has no catalogue, or the catalogue not the phrase."""
    return catalogue(language).get(text) or sentences(language)[0].get(text, text)


def spoken(language: str) -> str:
    """The language that a page in `language` is really in."""
    return language if language in LANGUAGES else "en"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Phrases by their English text; none for English."""
    path = Path(__file__).with_name(f"{language}.json")
    if language == "en" or language not in LANGUAGES:
        return {}
    return cast("dict[str, str]", json.loads(path.read_text(encoding="utf-8")))
