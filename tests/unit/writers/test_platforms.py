"""What Gradescope, Classroom 50, readers of CTRF and spreadsheets are given: what they accept, with the right sums."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.unit.writers.conftest import HOSTILE, attempt, check, finding
from tests.unit.writers.pieces import IDENTITY, OF_ONE, fitting, rendered, valid_json

from torchgrade.errors import UsageError
from torchgrade.model.finding import Attempt, Audience, Code
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.writers import WRITERS

HIDDEN = finding("secret", Verdict.WRONG_ANSWER, "It is wrong there.", visible=False)
SEEN = finding("by hand", Verdict.ACCEPTED)


@pytest.mark.parametrize("kind", ["gradescope", "classroom50", "ctrf"])
@pytest.mark.parametrize("name", ["attempts", "hostile"])
def test_the_readers_schema_accepts_it(kind: str, name: str, header: Header, request: pytest.FixtureRequest) -> None:
    valid_json(kind, rendered(kind, header, fitting(kind, request.getfixturevalue(name))))
    valid_json(kind, rendered(kind, header, ()))


@pytest.mark.parametrize("kind", OF_ONE)
def test_several_submitters_are_refused_with_what_to_do(
    kind: str, header: Header, attempts: tuple[Attempt, ...]
) -> None:
    with pytest.raises(UsageError) as refused:
        rendered(kind, header, attempts)
    assert (
        refused.value.message == f"{kind} takes the results of one submitter, and these are of several: alice, bob, …"
    )
    assert refused.value.hint.startswith(
        f"grade … --only SUBMITTER --format {kind} for each; for a class, --format csv"
    )


def test_gradescope_is_given_a_test_for_each_check(header: Header, attempts: tuple[Attempt, ...]) -> None:
    told = valid_json("gradescope", rendered("gradescope", header, fitting("gradescope", attempts)))
    assert told["score"] == 5.333333
    assert [
        (test["number"], test["name"], test["score"], test["max_score"], test["status"]) for test in told["tests"]
    ] == [
        ("1.1", "Title of linalg/solve: value", 3.0, 3.0, "passed"),
        ("1.2", "Title of linalg/solve: gradient", 0.333333, 1.0, "failed"),
        ("2.1", "Title of tensor/sum: value", 2.0, 2.0, "passed"),
    ]
    assert "*drawn 3*: It is transposed." in told["tests"][1]["output"]
    assert told["extra_data"]["verdicts"] == {"linalg/solve": "wrong_answer", "tensor/sum": "accepted"}
    assert "seed" not in str(told)


def test_gradescope_adds_up_what_was_lost_in_rounding(header: Header) -> None:
    thirds = attempt("eve", "a/b", *(check(name, "1/3", "1/3", SEEN) for name in "xyz"))
    told = valid_json("gradescope", rendered("gradescope", header, [thirds]))
    assert (told["score"], sum(test["score"] for test in told["tests"])) == (1.0, pytest.approx(0.999999, abs=1e-9))


@pytest.mark.parametrize(("audience", "seen"), [(Audience.STUDENT, "visible"), (Audience.STAFF, "hidden")])
@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.WRONG_ANSWER])
def test_gradescope_hides_by_case_and_not_by_outcome(
    audience: Audience, seen: str, verdict: Verdict, header: Header
) -> None:
    hidden = replace(HIDDEN, verdict=verdict, feedback=() if verdict is Verdict.ACCEPTED else HIDDEN.feedback)
    one = attempt("eve", "a/b", check("open", "1", "1", SEEN), check("shut", "0", "1", SEEN, hidden))
    told = valid_json("gradescope", rendered("gradescope", header, [one], audience))
    assert [test["visibility"] for test in told["tests"]] == ["visible", seen]


def test_what_holds_and_earns_nothing_is_explained(header: Header) -> None:
    rule = replace(check("rule", "0", "1", SEEN), condition=True)
    one = attempt("eve", "a/b", check("value", "0", "1", HIDDEN), rule)
    told = valid_json("gradescope", rendered("gradescope", header, [one]))["tests"][1]
    assert (told["status"], told["output"]) == (
        "failed",
        "It holds, but it earns only as much as the answers beside it are right.",
    )
    test = valid_json("classroom50", rendered("classroom50", header, [one]))["tests"][1]
    assert (test["passed"], test["score"], test["message"]) == (False, 0, told["output"])


def test_a_bonus_is_asked_of_nobody(header: Header) -> None:
    own = [
        attempt("eve", "a/a", check("value", "1", "2", SEEN)),
        attempt("eve", "a/b", check("value", "3/2", "3/2", SEEN), bonus=True),
    ]
    told = valid_json("gradescope", rendered("gradescope", header, own))
    assert (told["score"], [test["max_score"] for test in told["tests"]]) == (2.5, [2.0, 0])
    told = valid_json("classroom50", rendered("classroom50", header, own))
    assert (told["score"], told["max-score"]) == (200, 200)
    assert [(test["test-name"], test["score"], test["max-score"]) for test in told["tests"]] == [
        ("Title of a/a: value", 100, 200),
        ("Title of a/b (bonus): value", 150, 150),
    ]


def test_classroom_50_is_given_whole_hundredths(header: Header, attempts: tuple[Attempt, ...]) -> None:
    told = valid_json("classroom50", rendered("classroom50", header, fitting("classroom50", attempts)))
    assert (told["score"], told["max-score"]) == (533, 600)
    assert [(test["passed"], test["score"]) for test in told["tests"]] == [(True, 300), (False, 33), (True, 200)]
    assert (told["owner"], told["submission"], told["datetime"]) == ("ada", IDENTITY.submission, IDENTITY.datetime)
    assert told["submitted_by"] == {"username": "ada", "id": 36}


def test_classroom_50_must_know_whose_it_is(header: Header) -> None:
    with pytest.raises(UsageError, match="which submission of Classroom 50"):
        b"".join(WRITERS["classroom50"].render(header, ()))


def test_ctrf_counts_what_it_lists(header: Header, attempts: tuple[Attempt, ...]) -> None:
    code = Code(file="alice.py", line=1, text="def solve(A, b):\n    return A @ b")
    whole = (replace(attempts[0], code=code, printed="one\ntwo"), *attempts[1:])
    told = valid_json("ctrf", rendered("ctrf", replace(header, assignment="week1"), whole))["results"]
    counted = {"passed": 2, "failed": 1, "skipped": 0, "pending": 0, "other": 2}
    assert told["summary"] == {"tests": 5, **counted, "start": 0, "stop": 0}
    lost = told["tests"][1]
    assert (lost["name"], lost["status"], lost["rawStatus"]) == ("linalg/solve::gradient", "failed", "wrong_answer")
    assert (lost["suite"], lost["filePath"], lost["line"]) == (["week1", "alice", "linalg/solve"], "class/alice.py", 7)
    assert (lost["snippet"], lost["stdout"]) == (code.text, ["one", "two"])
    assert lost["trace"] == "import torch\nsolve(1)"
    assert lost["extra"] == {"points": 0.333333, "max_points": 1.0}
    assert told["extra"]["totals"][1] == {"submitter": "bob", "points": 0.0, "max_points": 5.0}


def test_csv_has_a_row_for_each_submitter_and_exercise(header: Header, attempts: tuple[Attempt, ...]) -> None:
    first, *others = csv.DictReader(io.StringIO(rendered("csv", header, attempts).decode()))
    assert len(others) == 3
    assert first == {
        "submitter": "alice",
        "exercise": "linalg/solve",
        "title": "Title of linalg/solve",
        "verdict": "wrong_answer",
        "points": "3.333333",
        "max_points": "4.0",
        "bonus": "0",
        "mistakes": "transposed",
        "lost": "gradient",
        "file": "class/alice.py",
        "line": "3",
        "submission_digest": "ab" * 32,
    }


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1", "a;=1", HOSTILE])
def test_no_cell_is_a_formula(name: str, header: Header, attempts: tuple[Attempt, ...]) -> None:
    text = rendered("csv", header, [replace(attempts[0], submitter=name, file=name)]).decode()
    heading, row, end = text.split("\n")
    assert (heading[:11], end) == ('"submitter"', "")
    for cell in next(csv.reader([row])):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert ";" not in row or '"a;=1"' in row or name is HOSTILE, "quoted, for those to whom a semicolon ends a cell"


def test_points_are_exact_to_six_decimals(header: Header, attempts: tuple[Attempt, ...]) -> None:
    (row,) = csv.DictReader(
        io.StringIO(rendered("csv", header, [replace(attempts[0], points=Fraction(2, 3))]).decode())
    )
    assert row["points"] == "0.666667"
