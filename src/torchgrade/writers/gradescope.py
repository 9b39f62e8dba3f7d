"""`results.json`, as Gradescope reads it of an autograder: a test for each check, of one submitter.

Points are rounded to six decimals, as in report.json. The score stands at the top as well and overrides the sum of the
tests, so that what is lost in rounding them is not lost in the score. What is a bonus has a `max_score` of 0.

For students (as usual) every test is visible, and says nothing of hidden cases but what students may know. For staff it
says everything, and every test with hidden cases is hidden from students; Gradescope then hides their score, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from torchgrade.grading.audience import Readable
from torchgrade.model.finding import Attempt, Audience, CheckResult
from torchgrade.model.labels import check_label
from torchgrade.model.report import Header
from torchgrade.model.said import said, translated
from torchgrade.writers.escape import fenced, line, markdown
from torchgrade.writers.json import Json_, encoded
from torchgrade.writers.markdown import explained
from torchgrade.writers.single import of_one, total_of
from torchgrade.writers.totals import numeric
from torchgrade.writers.words import Loss, beginning, elsewhere, has_earned_all, losses, named, observed, unearned


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradescope:
    """One submission's results; https://gradescope-autograders.readthedocs.io says what stands where."""

    kind: ClassVar[str] = "gradescope"
    filename: ClassVar[str] = "results.json"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STUDENT, Audience.STAFF)
    audience: Audience = Audience.STUDENT

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        own = of_one(self.kind, Readable(attempts, self.audience))
        tests = [
            test for number, attempt in enumerate(own, 1) for test in self._tests(number, attempt, header.language)
        ]
        yield encoded(
            {
                "score": numeric(total_of(own).points),
                "visibility": "visible",
                "output": _output(header, own),
                "output_format": "md",
                "test_name_format": "text",
                "test_output_format": "md",
                "tests": tests,
                "extra_data": {"versions": dict(header.versions), "verdicts": {a.exercise: a.verdict for a in own}},
            },
            margin="",
        )
        yield b"\n"

    def _tests(self, number: int, attempt: Attempt, language: str) -> Iterator[Json_]:
        lost = {check.name: reasons for check, reasons in losses(attempt, self.audience)}
        name = named(attempt, language)
        printed = attempt.printed
        for place, check in enumerate(attempt.checks, 1):
            output = _explanation(check, lost.get(check.name, ()), language)
            if printed and check.name in lost:
                said_before = translated(said("Your code printed:"), language)
                output, printed = f"{output}\n\n{said_before}\n\n{fenced(beginning(printed))}", ""
            yield {
                "number": f"{number}.{place}",
                "name": line(f"{name}: {check_label(check.name, language)}"),
                "score": numeric(check.points),
                "max_score": 0 if attempt.bonus else numeric(check.max_points),
                "status": "passed" if has_earned_all(check) else "failed",
                "visibility": self._visibility(check),
                "tags": [attempt.exercise],
                "output": output.strip(),
            }

    def _visibility(self, check: CheckResult) -> str:
        """By what it looks at and not by how it came out, so that nothing can be learned from what is hidden."""
        is_open = self.audience is Audience.STUDENT or all(finding.visible for finding in check.findings)
        return "visible" if is_open else "hidden"


def _explanation(check: CheckResult, lost: Iterable[Loss], language: str) -> str:
    lines = [text for loss in lost for text in explained(loss, language)]
    return "\n".join(lines) or markdown(unearned(check, language))


def _output(header: Header, own: tuple[Attempt, ...]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in header.versions.items())
    graded = translated(said("Graded with {versions}.", versions=versions), header.language)
    notes = (elsewhere(attempt, header.language) for attempt in own)
    return "\n\n".join(markdown(each) for each in (graded, observed(own, header.language), *notes) if each)
