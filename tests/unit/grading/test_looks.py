"""Two looks at one submission: what the second may say to students, who must learn nothing of hidden inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from torchgrade.grading.judge import judge
from torchgrade.grading.looks import after_both, claims_fault, without_claims
from torchgrade.grading.plan import plan
from torchgrade.grading.resolved import Resolved
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.observation import Incident, IncidentKind, Measured
from torchgrade.model.probe import Probe
from torchgrade.model.submission import Submission
from torchgrade.model.target import Targets
from torchgrade.model.verdict import Verdict

Measure = Callable[..., Measured]
BOOK = "the book's"
CANARY = "73519"


def raised(text: str, kind: IncidentKind = IncidentKind.EXCEPTION) -> Incident:
    return Incident(kind=kind, message=text, exception="ValueError", bases=("Exception",))


@pytest.fixture
def resolved(exercise: Exercise, cases: tuple[Case, ...], targets: Mapping[Probe, Targets]) -> Resolved:
    return Resolved(exercise=exercise, cases=cases, plan=plan(exercise, cases), truth=targets)


@pytest.fixture
def wrong(measure: Measure) -> Measured:
    return replace(measure(lambda x: x**3, lambda x: 3 * x**2), printed={BOOK: "at first"})


def instead(measured: Measured, answer: Incident, *cases: str) -> Measured:
    """The same, but for the cases that are named; for all, if none is."""
    observations = {
        probe: answer if not cases or probe.case in cases else each for probe, each in measured.observations.items()
    }
    return replace(measured, observations=observations)


def told(attempt: Attempt) -> str:
    said = [each for check in attempt.checks for finding in check.findings for each in finding.feedback]
    words = [f"{each.rationale} {each.help}" for each in said if each.audience is Audience.STUDENT]
    return " ".join([attempt.printed, *words])


def test_two_looks_that_agree_are_told_in_full(resolved: Resolved, wrong: Measured, submission: Submission) -> None:
    seen, measured = after_both(resolved, wrong, replace(wrong, printed={BOOK: CANARY}))
    assert seen.cases == resolved.cases
    assert judge(seen, submission, measured, {}) == judge(resolved, submission, wrong, {})


def test_what_a_visible_case_says_only_now_is_told_to_nobody(
    resolved: Resolved, wrong: Measured, submission: Submission
) -> None:
    second = instead(wrong, raised(CANARY), BOOK)
    assert CANARY in told(judge(resolved, submission, second, {}))
    seen, measured = after_both(resolved, wrong, second)
    attempt = judge(seen, submission, measured, {})
    assert CANARY not in told(attempt)
    assert "at first" in wrong.printed[BOOK]
    assert attempt.verdict is Verdict.RUNTIME_ERROR


def test_a_file_that_cannot_be_read_again_is_not_quoted(
    resolved: Resolved, wrong: Measured, submission: Submission
) -> None:
    second = instead(wrong, raised(CANARY, IncidentKind.IMPORT_ERROR))
    assert CANARY in told(judge(resolved, submission, second, {}))
    seen, measured = after_both(resolved, wrong, second)
    assert CANARY not in told(judge(seen, submission, measured, {}))


def test_a_file_that_cannot_be_read_at_all_is_quoted_as_it_was_at_first(resolved: Resolved, wrong: Measured) -> None:
    first, second = (instead(wrong, raised(text, IncidentKind.IMPORT_ERROR)) for text in ("no module", CANARY))
    assert after_both(resolved, first, second) == (resolved, first)


def test_a_claim_that_nobody_bears_out_is_the_submission_s(wrong: Measured) -> None:
    claimed = instead(wrong, raised("ours", IncidentKind.CLAIMED_FAULT), "drawn 1")
    assert claims_fault(claimed)
    found = without_claims(claimed)
    assert not claims_fault(found)
    kinds = {each.kind for each in found.observations.values() if isinstance(each, Incident)}
    assert kinds == {IncidentKind.BAD_REPLY}
