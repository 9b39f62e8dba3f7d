"""An exercise on trial: its file, its sessions, and what is handed in to try it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from torchgrade.authoring.forced import in_dtype
from torchgrade.grading.solutions import solution_source
from torchgrade.inputs.draw import entries
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.kinds import Sandbox
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.session import Session
from torchgrade.spec.document import Document, Page, Route
from torchgrade.spec.yaml import read

DTYPES = ("float32", "float64")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`natural` draws cases as students meet them; `forced` has a session for each dtype."""

    exercise: Exercise
    document: Document
    natural: Session
    forced: Mapping[str, Session]

    @classmethod
    def of(cls, exercise: Exercise, sandbox: Sandbox, seed: str) -> Trial:
        """The trial of an exercise; all its code runs in `sandbox`."""
        return cls(
            exercise=exercise,
            document=_document(Path(exercise.path)),
            natural=Session(sandbox, seed),
            forced={dtype: Session(sandbox, seed, draw=in_dtype(dtype)) for dtype in DTYPES},
        )

    def fault(self, code: str, message: str, place: Route, hint: str = "") -> Diagnostic:
        """A fault at a place in the exercise's file."""
        return self.document.fault(code, message, place, hint=hint)

    def line(self, place: Route) -> int:
        """The line on which a part of the file begins."""
        return self.document.page.line(self.document.place(place).start)

    def case_place(self, name: str) -> Route:
        """Where a case stands in the file."""
        for entry in entries(self.exercise):
            if entry.name == name:
                where = next(i for i, content in enumerate(self.exercise.cases) if content is entry.content)
                return ("cases", where)
        return ("cases",)


def handed_in(source: Source) -> Submission:
    """Code of the file as if a student had handed it in."""
    return Submission(submitter="author", path=source.filename, source=source, digest="")


def as_submission(text: str, filename: str) -> Submission:
    """A function of the file as if a student had handed it in."""
    return handed_in(solution_source(text, filename))


def lost(attempt: Attempt) -> Iterator[str]:
    """What an attempt was refused for: check, case and reason, each once."""
    for check in attempt.checks:
        for finding in check.findings:
            if finding.verdict is not Verdict.ACCEPTED:
                said = next((feedback.rationale for feedback in finding.feedback), finding.verdict.value)
                place = f", case `{finding.case}`" if finding.case else ""
                yield f"check `{check.name}`{place}: {said}"


def _document(path: Path) -> Document:
    if not path.is_file():
        return Document(page=Page.of("", str(path)), data=None)
    return read(path.read_text(encoding="utf-8"), str(path))
