"""Who is told what: everything of visible cases, of hidden ones nothing that a submission could have put there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from torchgrade.checks.rule import Offence, RuleCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.grading.diagnose import Diagnosis
from torchgrade.grading.examine import Examined
from torchgrade.grading.feedback import Cause, discreet, finding, kind_of_input
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Mistake
from torchgrade.model.finding import Audience, Comparison, Feedback, Finding, Judgement, Stage
from torchgrade.model.observation import Frame, Incident, IncidentKind
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict

CHECK = ValueCheck(name="value", says=Text((("en", "Mind the sign."),)), help=Text((("en", "Draw it."),)))
WRONG = Judgement(
    verdict=Verdict.WRONG_ANSWER,
    rationale="It is wrong.",
    help="Look.",
    values="Observed 3, expected 4.",
    comparison=Comparison(
        stage=Stage.NUMBERS,
        outcome="result",
        mismatched=1,
        total=2,
        difference=1.0,
        index=(1,),
        observed="3",
        expected="4",
    ),
)
CAUSE = Cause(
    mistake=Mistake(id="sign", says=Text((("en", "You forgot the minus."),)), help=Text((("en", "Add it."),))),
    diagnosis=Diagnosis(name="sign", sentence="Every sign is wrong.", help="Look for a minus."),
)


def told(found: Finding, audience: Audience) -> list[tuple[str, str]]:
    return [(each.rationale, each.help) for each in found.feedback if each.audience is audience]


@pytest.fixture
def visible(cases: tuple[Case, ...]) -> Case:
    return cases[0]


@pytest.fixture
def hidden(cases: tuple[Case, ...]) -> Case:
    return cases[1]


def test_of_a_visible_case_students_see_all(visible: Case) -> None:
    found = finding(Examined(check=CHECK, case=visible, judgement=WRONG), CAUSE, "import torch")
    assert (found.case, found.visible, found.mistake, found.pattern) == ("the book's", True, "sign", "sign")
    assert (found.comparison, found.reproduction) == (WRONG.comparison, "import torch")
    assert told(found, Audience.STUDENT) == [
        ("You forgot the minus.", "Add it."),
        ("Mind the sign.", "Draw it."),
        ("It is wrong.", ""),
        ("Every sign is wrong.", "Look for a minus."),
        ("Observed 3, expected 4.", ""),
    ]
    assert told(found, Audience.STAFF) == []


def test_of_a_hidden_case_numbers_are_for_staff(hidden: Case) -> None:
    found = finding(Examined(check=CHECK, case=hidden, judgement=WRONG), CAUSE, "import torch")
    assert (found.visible, found.reproduction) == (False, "")
    assert told(found, Audience.STUDENT)[2] == ("It is wrong. Seen in a drawn case with n = 3 in float32.", "")
    assert told(found, Audience.STAFF) == [("Observed 3, expected 4.", ""), ("import torch", "")]
    assert found.comparison == Comparison(stage=Stage.NUMBERS, outcome="result", mismatched=1, total=2)


def test_general_advice_is_for_causes_that_are_not_known(visible: Case) -> None:
    wrong = finding(Examined(check=CHECK, case=visible, judgement=WRONG), Cause(), "")
    assert ("It is wrong.", "Look.") in told(wrong, Audience.STUDENT)
    shape = replace(WRONG, comparison=Comparison(stage=Stage.SHAPE))
    misshapen = finding(Examined(check=CHECK, case=visible, judgement=shape), CAUSE, "")
    assert ("It is wrong.", "Look.") in told(misshapen, Audience.STUDENT)


def test_a_crash_is_not_what_the_author_speaks_of(visible: Case) -> None:
    incident = Incident(kind=IncidentKind.EXCEPTION, message="", exception="ValueError")
    crash = Judgement(verdict=Verdict.RUNTIME_ERROR, rationale="It crashed.", help="Look.", incident=incident)
    examined = Examined(check=CHECK, case=visible, judgement=crash)
    assert told(finding(examined, Cause(), ""), Audience.STUDENT) == [("It crashed.", "Look.")]
    known = Cause(mistake=CAUSE.mistake)
    assert told(finding(examined, known, ""), Audience.STUDENT) == [
        ("You forgot the minus.", "Add it."),
        ("It crashed.", ""),
    ]


def test_what_was_not_run_was_seen_nowhere(hidden: Case) -> None:
    skipped = Judgement(verdict=Verdict.SKIPPED, rationale="This was not run.")
    found = finding(Examined(check=CHECK, case=hidden, judgement=skipped), Cause(), "")
    assert told(found, Audience.STUDENT) == [("This was not run.", "")]


def test_an_accepted_case_says_nothing(visible: Case) -> None:
    accepted = Examined(check=CHECK, case=visible, judgement=Judgement(verdict=Verdict.ACCEPTED))
    assert finding(accepted, CAUSE, "") == Finding(case="the book's", verdict=Verdict.ACCEPTED)


@pytest.mark.parametrize(
    ("verdict", "rationales"),
    [
        (Verdict.UNDECIDED, ["It is wrong."]),
        (Verdict.SKIPPED, ["You forgot the minus.", "It is wrong."]),
        (Verdict.TIME_LIMIT_EXCEEDED, ["You forgot the minus.", "Mind the sign.", "It is wrong."]),
        (Verdict.WRONG_ANSWER, ["You forgot the minus.", "Mind the sign.", "It is wrong.", "Every sign is wrong."]),
    ],
)
def test_the_author_s_words_are_for_failures(verdict: Verdict, rationales: list[str], visible: Case) -> None:
    judgement = replace(WRONG, verdict=verdict, values="")
    found = finding(Examined(check=CHECK, case=visible, judgement=judgement), CAUSE, "")
    assert [rationale for rationale, _ in told(found, Audience.STUDENT)] == rationales


def test_the_source_is_no_hidden_case() -> None:
    offence = Offence(verdict=Verdict.RULE_VIOLATION, rationale="line 7: no.", line=7, column=3)
    found = finding(Examined(check=RuleCheck(name="rule"), case=None, judgement=offence), Cause(), "")
    assert (found.case, found.visible, found.line) == ("", True, 7)
    assert found.feedback == (Feedback(audience=Audience.STUDENT, rationale="line 7: no."),)


def test_the_student_s_own_line_is_kept(hidden: Case) -> None:
    frames = tuple(Frame(filename="s.py", line=line, function="f", text="") for line in (3, 9))
    incident = Incident(kind=IncidentKind.EXCEPTION, message="", frames=frames)
    judgement = Judgement(verdict=Verdict.RUNTIME_ERROR, rationale="Your code raised.", incident=incident)
    assert finding(Examined(check=CHECK, case=hidden, judgement=judgement), Cause(), "").line == 9


@pytest.mark.parametrize(
    ("stage", "rationale", "kept"),
    [
        (Stage.SHAPE, "`result` has shape [1]; it should have shape [].", True),
        (Stage.SHAPE, "`result` has shape [3, 2]; it should have shape [2].", True),
        (Stage.SHAPE, "`result` has shape [31415]; it should have shape [].", False),
        (Stage.SHAPE, "`result` has shape [7, 2]; it should have shape [2].", False),
        (Stage.SHAPE, "`result` has shape [1, 1, 0, 1, 0, 1]; it should have shape [2].", False),
        (Stage.TYPE, "`result` is a tuple of 926535; it should be a tensor.", False),
        (Stage.TYPE, "`result` is a tuple of 3; it should be a tensor.", True),
        (Stage.NUMBERS, "`result` has the wrong value: mismatched 15 of 64 elements.", True),
        (Stage.NUMBERS, "`result` has the wrong value: mismatched 15 of 65 elements.", False),
        (Stage.DTYPE, "`result` has dtype float32; it should have dtype float64.", True),
    ],
)
def test_sizes_of_its_own_choice_carry_nothing_outside(stage: Stage, rationale: str, kept: bool, hidden: Case) -> None:
    comparison = Comparison(
        stage=stage,
        outcome="result",
        expected=rationale.partition("should have shape ")[2],
        mismatched=15,
        total=int(rationale.split()[-2]) if stage is Stage.NUMBERS else 0,
    )
    judgement = Judgement(verdict=Verdict.WRONG_ANSWER, rationale=rationale, comparison=comparison)
    assert (discreet(judgement, hidden.dims.values()) == rationale) is kept
    found = finding(Examined(check=CHECK, case=hidden, judgement=judgement), Cause(), "")
    assert ((rationale, "") in told(found, Audience.STAFF)) is not kept
    if stage is Stage.NUMBERS:
        assert found.comparison is not None
        assert found.comparison.mismatched == (15 if kept else 0)
    else:
        assert kept or discreet(judgement) == f"`result` has another {stage} than the right one."
        assert found.comparison is None


@pytest.mark.parametrize(
    ("origin", "sort"),
    [
        (Origin.DRAWN, "a drawn case with n = 3 in float32"),
        (Origin.EDGE, "the boundary case `drawn 1` with n = 3 in float32"),
        (Origin.GIVEN, "a hidden case with n = 3 in float32"),
    ],
)
def test_kinds_of_input(origin: Origin, sort: str, hidden: Case) -> None:
    assert kind_of_input(replace(hidden, origin=origin)) == sort
    assert kind_of_input(replace(hidden, origin=origin, dims={})) == sort.replace(" with n = 3", "")
