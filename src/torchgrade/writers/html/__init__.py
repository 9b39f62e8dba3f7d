"""Pages for people: `report.html` of one submitter, or `students/<name>.html` for each of many.

Self-contained, without scripts, and without anything from elsewhere. Points are cut to two decimals.

    student, charts, digits    what is shown of one submitter, as plain data
    survey, class_page         what is shown of a class, counted in one pass
    engine, phrases            the templates' engine, and what pages say in each language
    templates/                 layout, macros and style are for every page
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from torchgrade.grading.audience import Readable
from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.report import Header
from torchgrade.model.task import Measurement
from torchgrade.writers.html.names import page_name

if TYPE_CHECKING:
    from markupsafe import Markup

    from torchgrade.writers.html.engine import Voice
    from torchgrade.writers.html.student import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Html:
    """`report.html` is the page of the one submitter there is, or of a class; then each has a page beside it.

    The page of a class names everyone: it is for staff, whoever the others are for. It tells of times if it is given
    `measurements`, which may be gone through more than once.
    """

    kind: ClassVar[str] = "html"
    filename: ClassVar[str] = "report.html"
    folder: ClassVar[str] = "students"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STUDENT, Audience.STAFF)
    audience: Audience = Audience.STUDENT
    measurements: Iterable[Measurement] = ()

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        from torchgrade.writers.html.survey import people

        everybody = people(Readable(attempts, self.audience))
        first, second = next(everybody, None), next(everybody, None)
        if first is not None and second is None:
            yield student_page(header, first, self.audience)
        else:
            from torchgrade.writers.html.class_page import class_page

            yield class_page(header, attempts, self.measurements, self.folder)

    def pages(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[tuple[str, bytes]]:
        """A page for each submitter, if there are several."""
        from torchgrade.writers.html.survey import people

        everybody = people(Readable(attempts, self.audience))
        first, second = next(everybody, None), next(everybody, None)
        for own in chain(filter(None, (first, second)) if second else (), everybody):
            yield page_name(own[0].submitter), student_page(header, own, self.audience)


def student_page(header: Header, attempts: Sequence[Attempt], audience: Audience = Audience.STUDENT) -> bytes:
    """The page of one submitter, whose attempts these are: what this audience may read of them."""
    from torchgrade.writers.html.engine import Voice, engine
    from torchgrade.writers.html.student import sections, total

    voice, sum_of_all = Voice(header.language), total(attempts)
    shown = sections(header, attempts, audience)
    titles = [_title(voice, section) for section in shown]
    most = sum_of_all.max_points
    text = (
        engine()
        .get_template("student.html.j2")
        .render(
            _=voice,
            header=header,
            versions=_versions(header),
            submitter=attempts[0].submitter,
            total=sum_of_all,
            share=min(float(sum_of_all.points / most), 1.0) if most else 0.0,
            sections=shown,
            titles=titles,
            bodies=list(_bodies(voice, shown, titles)),
        )
    )
    return text.encode("utf-8", "replace")


def _versions(header: Header) -> str:
    return ", ".join(f"{name} {version}" for name, version in header.versions.items())


def _title(voice: Voice, section: Section) -> str:
    """In the page's language, or the nearest that there is; else the id."""
    known = section.statement.title if section.statement else None
    spoken = section.attempt.title
    return (known.to(voice.language) if known else "") or next(
        (spoken[name] for name in (voice.language, "en", *spoken) if name in spoken), section.attempt.exercise
    )


def _bodies(voice: Voice, shown: Sequence[Section], titles: Sequence[str]) -> Iterator[Markup]:
    """The sections as HTML; those that find the page large are brief, and those that find it full are left out."""
    from markupsafe import Markup

    from torchgrade.writers.html.engine import engine
    from torchgrade.writers.html.student import FULL, ROOM, ROW

    template, taken = engine().get_template("section.html.j2"), 0
    most = ROOM - ROW * len(shown)
    for section, title in zip(shown, titles, strict=True):
        text = ""
        for is_brief, room in ((False, FULL * most), (True, most)):
            text = template.render(_=voice, section=section, title=title, is_brief=is_brief)
            size = len(text.encode("utf-8", "replace"))
            if taken + size <= room:
                taken += size
                break
        else:
            text = ""
        yield Markup(text)  # noqa: S704 - our own template wrote it
