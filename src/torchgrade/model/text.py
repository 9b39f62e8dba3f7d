"""Text for people, in one language or several."""

from __future__ import annotations

from dataclasses import dataclass

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in the languages its author wrote, in the order they stand in the file."""

    translations: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.translations)

    def __str__(self) -> str:
        return self.to(FALLBACK)

    def to(self, language: str) -> str:
        """The text in `language`; else in English; else in the first language there is; else empty."""
        spoken = dict(self.translations)
        for choice in (language, FALLBACK, *spoken):
            if choice in spoken:
                return spoken[choice]
        return ""
