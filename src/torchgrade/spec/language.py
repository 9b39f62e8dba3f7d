"""An exercise in one language: what its author says to students is then said in no other."""

from __future__ import annotations

from dataclasses import replace

from torchgrade.checks.worth import Worth
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise
from torchgrade.model.text import Text


def spoken(exercise: Exercise, language: str) -> Exercise:
    """The exercise with its title and the words of its checks and mistakes in `language`, or the nearest to it.

    What is then said of its attempts is in that language, too.
    """
    return replace(
        exercise,
        language=language,
        title=_in(exercise.title, language),
        checks=tuple(_check(check, language) for check in exercise.checks),
        mistakes=tuple(
            replace(mistake, says=_in(mistake.says, language), help=_in(mistake.help, language))
            for mistake in exercise.mistakes
        ),
    )


def _check(check: Check, language: str) -> Check:
    if not isinstance(check, Worth):
        return check
    return replace(check, says=_in(check.says, language), help=_in(check.help, language))


def _in(text: Text, language: str) -> Text:
    """The one translation that `language` gets, under the language it is really in."""
    chosen = text.to(language)
    return Text(tuple(pair for pair in text.translations if pair[1] == chosen)[:1])
