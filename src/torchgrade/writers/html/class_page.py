"""The page of a class, for those who teach it: how it went, what went wrong for how many, and who they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from torchgrade.grading.items import FEWEST
from torchgrade.grading.patterns import PATTERNS
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Header
from torchgrade.model.said import said, translated
from torchgrade.model.task import Measurement
from torchgrade.writers.html.engine import Voice, engine
from torchgrade.writers.html.names import page_name
from torchgrade.writers.html.survey import ROWS, Made, People, Who, shared, slowest, survey

if TYPE_CHECKING:
    from torchgrade.writers.html.survey import Survey


class Named(NamedTuple):
    """A line of a table with those whom it names; `more` are those whom it does not."""

    row: object
    named: Sequence[Who]
    more: int


def class_page(header: Header, attempts: Iterable[Attempt], measurements: Iterable[Measurement], folder: str) -> bytes:
    """The page as UTF-8; the pages of submitters are in a folder beside it."""
    voice = Voice(header.language)
    found, analysis = survey(attempts)
    text = (
        engine()
        .get_template("class.html.j2")
        .render(
            _=voice,
            header=header,
            versions=", ".join(f"{name} {version}" for name, version in header.versions.items()),
            survey=found,
            titles=_titles(voice, header, found),
            exercises=list(found.exercises.values())[:ROWS],
            made=_named([(each, each.people) for each in found.made[:ROWS]]),
            sentence=lambda made: _sentence(made, voice.language),
            incidents=_named([(each, each.people) for each in found.incidents]),
            analysis=analysis,
            fewest=FEWEST,
            slowest=slowest(measurements),
            rows=ROWS,
            page=lambda submitter: f"{folder}/{page_name(submitter)}",
        )
    )
    return text.encode("utf-8", "replace")


def _named(rows: Sequence[tuple[object, People]]) -> list[Named]:
    named = shared([people for _, people in rows])
    return [Named(row, who, people.count - len(who)) for (row, people), who in zip(rows, named, strict=True)]


def _titles(voice: Voice, header: Header, found: Survey) -> Mapping[str, str]:
    """Of each exercise, in the page's language or the nearest there is; else its id."""
    written = {each.exercise: each.title.to(voice.language) for each in header.exercises if each.title}
    return {name: written.get(name) or _nearest(tally.titles, voice) or name for name, tally in found.exercises.items()}


def _nearest(titles: Mapping[str, str], voice: Voice) -> str:
    return next((titles[name] for name in (voice.language, "en", *titles) if name in titles), "")


def _sentence(made: Made, language: str) -> str:
    """What students were told; of a pattern without what differs from one to the next."""
    if not made.is_pattern:
        return made.said
    pattern = next((each for each in PATTERNS if each.name == made.name), None)
    return translated(said(pattern.sentence, reading="…"), language) if pattern else ""
