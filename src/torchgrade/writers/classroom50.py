"""`result.json`, as the autograder of a Classroom 50 assignment writes it: one submission, its scores in whole numbers.

A point is 100 there: points are multiplied by 100 and cut, never rounded up, so 3.5 of 4 points are 350 of 400. The sum
is cut once, when it is exact. It may not be above the maximum: a bonus counts up to it, and shows in its test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from torchgrade.errors import UsageError
from torchgrade.grading.audience import Readable
from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.labels import check_label
from torchgrade.model.report import Header
from torchgrade.writers.escape import line, screen
from torchgrade.writers.json import Json_, encoded
from torchgrade.writers.single import of_one, total_of
from torchgrade.writers.words import has_earned_all, losses, named, sentences, unearned

SCHEMA = "classroom50/result/v1"
SCALE = 100
MOST_TEXT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which submission it is: what the runner of Classroom 50 tells its autograders, under the names of the format.

    `datetime` is in UTC, as 2027-01-15T15:59:00Z; the runner puts the time of the commit in its place.
    """

    classroom: str
    assignment: str
    assignment_type: str
    owner: str
    submission: str
    commit: str
    release: str
    review: str
    datetime: str
    username: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Classroom50:
    """One submission's results, https://github.com/foundation50/classroom50; `identity` says which one's."""

    kind: ClassVar[str] = "classroom50"
    filename: ClassVar[str] = "result.json"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STUDENT,)
    audience: Audience = Audience.STUDENT
    identity: Identity | None = None

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        if self.identity is None:
            raise UsageError("nothing says which submission of Classroom 50 this is")
        own = of_one(self.kind, Readable(attempts, self.audience))
        total, tests = total_of(own), [test for attempt in own for test in _tests(attempt, header.language)]
        most = _scaled(total.max_points)
        scores: dict[str, Json_] = {"score": min(_scaled(total.points), most), "max-score": most, "tests": tests}
        yield encoded({**_named(self.identity), **scores}, margin="")
        yield b"\n"


def _named(identity: Identity) -> dict[str, Json_]:
    by: dict[str, Json_] = {"username": identity.username, "id": identity.user_id}
    return {
        "schema": SCHEMA,
        "classroom": identity.classroom,
        "assignment": identity.assignment,
        "assignment_type": identity.assignment_type,
        "owner": identity.owner,
        "submission": identity.submission,
        "commit": identity.commit,
        "release": identity.release,
        "review": identity.review,
        "datetime": identity.datetime,
        **({"submitted_by": by} if identity.username else {}),
    }


def _tests(attempt: Attempt, language: str) -> Iterator[Json_]:
    lost = {check.name: reasons for check, reasons in losses(attempt)}
    name = named(attempt, language)
    for check in attempt.checks:
        said = "\n".join(sentences(lost.get(check.name, ()), language)) or unearned(check, language)
        most = _scaled(check.max_points)
        yield {
            "test-name": line(f"{name}: {check_label(check.name, language)}"),
            "passed": has_earned_all(check),
            "score": min(_scaled(check.points), most),
            "max-score": most,
            "exercise": attempt.exercise,
            "message": screen(said[:MOST_TEXT]),
        }


def _scaled(points: Fraction) -> int:
    return points * SCALE // 1
