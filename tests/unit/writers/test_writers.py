"""Reports: the right words and numbers, the same bytes every time, and nothing a student wrote does any harm."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from fractions import Fraction

import jsonschema
import pytest
from tests.unit.writers.pieces import FOR_STUDENTS, everything, fitting, rendered, texts

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.spec.schema import report_schema
from torchgrade.writers import WRITERS
from torchgrade.writers.github import of_diagnostics
from torchgrade.writers.terminal import details, summary
from torchgrade.writers.totals import shown, totals
from torchgrade.writers.words import losses


@pytest.mark.parametrize("kind", WRITERS)
def test_every_writer_is_under_its_kind_and_repeats_itself(
    kind: str, header: Header, attempts: tuple[Attempt, ...]
) -> None:
    assert WRITERS[kind].kind == kind
    told = fitting(kind, attempts)
    assert rendered(kind, header, told) == rendered(kind, header, list(told))


@pytest.mark.parametrize("kind", WRITERS)
def test_every_writer_is_for_the_first_of_its_audiences(kind: str) -> None:
    writer = WRITERS[kind]
    assert writer.audience is writer.audiences[0]
    assert "oint" in (sys.modules[type(writer).__module__].__doc__ or ""), "it says how points are rounded"


@pytest.mark.parametrize("kind", WRITERS)
def test_every_writer_writes_an_empty_report(kind: str, header: Header) -> None:
    rendered(kind, header, ()).decode("utf-8")


def test_file_names_are_different() -> None:
    assert len({writer.filename for writer in WRITERS.values()}) == len(WRITERS)


@pytest.mark.parametrize("name", ["attempts", "hostile"])
def test_the_json_report_fits_its_schema(name: str, header: Header, request: pytest.FixtureRequest) -> None:
    report = json.loads(rendered("json", header, request.getfixturevalue(name)))
    jsonschema.Draft202012Validator(report_schema()).validate(report)


def test_the_json_report_says_what_the_contract_says(header: Header, attempts: tuple[Attempt, ...]) -> None:
    report = json.loads(rendered("json", header, attempts))
    assert list(report) == ["schema", "tool", "attempts", "totals"]
    first = report["attempts"][0]
    assert list(first)[:7] == ["submitter", "exercise", "verdict", "points", "max_points", "mistakes", "checks"]
    assert list(first["checks"][1])[:6] == ["name", "kind", "verdict", "points", "max_points", "findings"]
    assert (first["points"], first["checks"][1]["points"]) == (3.333333, 0.333333)
    finding = first["checks"][1]["findings"][0]
    assert (finding["case"], finding["verdict"], finding["mistake"]) == ("drawn 3", "wrong_answer", "transposed")
    assert finding["feedback"][0] == {
        "audience": "student",
        "rationale": "It is transposed.",
        "help": "help: It is transposed.",
    }
    assert finding["comparison"]["difference"] == "nan"
    assert report["totals"] == [
        {"submitter": "alice", "points": 5.333333, "max_points": 6.0},
        {"submitter": "bob", "points": 0.0, "max_points": 5.0},
    ]


@pytest.mark.parametrize("kind", FOR_STUDENTS)
def test_staff_words_are_not_for_students(kind: str, header: Header, attempts: tuple[Attempt, ...]) -> None:
    text = everything(kind, header, fitting(kind, attempts))
    assert "It is transposed." in text
    assert "STAFF-ONLY" not in text


@pytest.mark.parametrize("kind", [kind for kind in FOR_STUDENTS if Audience.STAFF in WRITERS[kind].audiences])
def test_but_for_staff(kind: str, header: Header, attempts: tuple[Attempt, ...]) -> None:
    text = rendered(kind, header, fitting(kind, attempts[:1]), Audience.STAFF).decode()
    assert re.search("[Ff]or staff.{0,99}STAFF-ONLY", text, re.DOTALL)


@pytest.mark.parametrize("kind", ["markdown", "terminal", "github", "csv", "gradescope", "classroom50", "ctrf"])
def test_control_characters_do_not_get_through(kind: str, header: Header, hostile: tuple[Attempt, ...]) -> None:
    text = texts(kind, rendered(kind, header, hostile))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "alert(1)" in text


def test_markdown_has_no_html_and_no_links_of_students(header: Header, hostile: tuple[Attempt, ...]) -> None:
    text = rendered("markdown", header, hostile).decode()
    prose = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", text)
    assert not re.search(r"(?<!\\)<script", prose)
    assert "](javascript" not in prose.replace("\\]", "")
    assert "@everyone" not in prose
    assert re.search(r"^````python$", text, re.MULTILINE), "the fence must be longer than the one inside"


def test_a_table_row_of_markdown_stays_one_row(header: Header, hostile: tuple[Attempt, ...]) -> None:
    rows = [line for line in rendered("markdown", header, hostile).decode().splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)


def test_annotations_stand_on_the_students_line(header: Header, attempts: tuple[Attempt, ...]) -> None:
    lines = rendered("github", header, attempts).decode().splitlines()
    assert [line.split(" ", 1)[0] for line in lines] == ["::error", "::error", "::warning"]
    assert "::error file=class/alice.py,line=7,title=linalg/solve%2C gradient::drawn 3: It is transposed." in lines[1]
    assert "%0Aby hand: It is 2." in lines[1]


@pytest.mark.parametrize(
    ("part", "line", "properties"),
    [
        ("", 7, "file=class/hw1.ipynb,line=7,title=linalg/solve%2C gradient"),
        ("hw1.ipynb[cell 2]", 7, "file=class/hw1.ipynb,title=linalg/solve%2C gradient%2C cell 2%2C line 7"),
        ("hw1.ipynb[cell 12]", 0, "file=class/hw1.ipynb,title=linalg/solve%2C gradient%2C cell 12"),
        ("tools/norms.py", 3, "file=class/tools/norms.py,line=3,title=linalg/solve%2C gradient"),
    ],
)
def test_annotations_stand_in_the_file_that_the_student_has(
    part: str, line: int, properties: str, header: Header, attempts: tuple[Attempt, ...]
) -> None:
    right, lost = attempts[0].checks
    found = tuple(replace(each, part=part, line=line) for each in lost.findings)
    one = replace(attempts[0], checks=(right, replace(lost, findings=found)), file="class/hw1.ipynb", part=part, line=0)
    assert rendered("github", header, [one]).decode().startswith(f"::error {properties}::")


def test_a_student_cannot_write_annotations(header: Header, hostile: tuple[Attempt, ...]) -> None:
    (line,) = rendered("github", header, hostile).decode().splitlines()
    properties = line.split("::")[1]
    assert line.startswith("::error file=")
    assert "%3A%3Aerror" in properties
    assert [part.split("=")[0] for part in properties.removeprefix("error ").split(",")] == ["file", "line", "title"]


def test_at_most_ten_annotations_of_a_kind(header: Header, attempts: tuple[Attempt, ...]) -> None:
    many = [replace(attempts[0], submitter=f"s{number}") for number in range(15)]
    lines = rendered("github", header, many).decode().splitlines()
    assert len(lines) == 10
    assert lines[-1] == "::error title=torchgrade::6 more, see the summary"


def test_faults_of_exercises_are_annotations() -> None:
    fault = Diagnostic(path="a.yaml", line=3, column=5, code="duplicate-key", message="twice: a", hint="drop one")
    assert of_diagnostics([fault]) == (
        "::error file=a.yaml,line=3,col=5,title=duplicate-key::twice: a%0Ahint: drop one",
    )


def test_the_summary_has_a_row_for_each_attempt_and_a_total(attempts: tuple[Attempt, ...]) -> None:
    rows = summary(attempts, colour=False).splitlines()
    assert re.match(r"alice +linalg/solve +✗ wrong answer +3\.33 / 4$", rows[1])
    assert re.match(r"bob +linalg/solve +! judge error +0 / 3$", rows[3])
    assert re.match(r"alice +total +5\.33 / 6$", rows[-2])


def test_a_total_of_one_attempt_is_not_said_twice(attempts: tuple[Attempt, ...]) -> None:
    assert "total" not in summary((attempts[0], attempts[2]), colour=False)


def test_a_name_with_a_line_break_is_one_row(attempts: tuple[Attempt, ...]) -> None:
    rows = summary((replace(attempts[0], submitter="ali\nce"),), colour=False).splitlines()
    assert [row.split()[:2] for row in rows[1:]] == [["ali", "ce"]]


def test_what_the_code_printed_is_shown_from_its_beginning(attempts: tuple[Attempt, ...]) -> None:
    printed = "x" * 500 + "\n\x1b[31mred\n" + "more\n" * 20
    lines = details(replace(attempts[0], printed=printed), colour=False).splitlines()[-12:]
    assert lines[0] == "  your code printed:"
    assert lines[1] == "      " + "x" * 100 + "…"
    assert lines[2:4] == ["      red", "      more"]
    assert lines[-1] == "      … and 12 more"


def test_details_say_what_was_lost_and_how_to_see_it(attempts: tuple[Attempt, ...]) -> None:
    text = details(attempts[0], colour=False)
    assert text.splitlines()[0] == "✗ Title of linalg/solve (linalg/solve): wrong answer, 3.33 / 4 points"
    for said in (
        "gradient: wrong answer, 0.33 of 1 point",
        "drawn 3: It is transposed.",
        "to see it yourself, below your code:",
    ):
        assert said in text
    assert "        import torch\n        solve(1)" in text
    assert "value" not in text, "what was accepted is not listed"


def test_what_is_said_of_one_check_is_not_said_again_of_the_next(attempts: tuple[Attempt, ...]) -> None:
    lost = attempts[0].checks[1]
    text = details(replace(attempts[0], checks=(lost, replace(lost, name="again"))), colour=False)
    assert text.count("drawn 3: It is transposed.") == text.count("solve(1)") == 1
    assert text.splitlines()[-3:] == [
        "  ✗ again: wrong answer, 0.33 of 1 point",
        "      as above, in 1 case: drawn 3",
        "      as above, in 1 case: by hand",
    ]


@pytest.mark.parametrize(
    ("others", "more"),
    [
        (0, ""),
        (1, "the same in 1 more case: c0"),
        (4, "the same in 4 more cases: c0, c1, c2, c3"),
        (5, "the same in 5 more cases: c0, c1, c2, c3, …"),
    ],
)
def test_the_same_in_other_cases_is_counted_and_not_listed(
    others: int, more: str, attempts: tuple[Attempt, ...]
) -> None:
    check = attempts[0].checks[1]
    best, hidden = check.findings[1], replace(check.findings[1], visible=False)
    many = replace(check, findings=(*(replace(hidden, case=f"c{number}") for number in range(others)), best))
    ((_, (loss,)),) = losses(replace(attempts[0], checks=(many,)))
    assert (loss.finding.case, loss.more()) == (best.case, more), "a visible case shows it best"


def test_colours_only_where_they_are_wanted(attempts: tuple[Attempt, ...]) -> None:
    assert "\x1b[" in details(attempts[0], colour=True)
    assert "\x1b[" not in details(attempts[0], colour=False)


@pytest.mark.parametrize(
    ("points", "text"), [("3", "3"), ("5/2", "2.5"), ("1/3", "0.33"), ("2/3", "0.66"), ("0", "0"), ("100", "100")]
)
def test_points_are_never_rounded_up(points: str, text: str) -> None:
    assert shown(Fraction(points)) == text


def test_totals_keep_exact_thirds(attempts: tuple[Attempt, ...]) -> None:
    assert totals(attempts)[0].points == Fraction(16, 3)


def test_of_a_whole_class_the_summary_shows_sums(attempts: tuple[Attempt, ...]) -> None:
    right = next(attempt for attempt in attempts if attempt.verdict is Verdict.ACCEPTED)
    wrong = next(attempt for attempt in attempts if attempt.verdict is not Verdict.ACCEPTED)
    many = [replace(each, submitter=f"s{place:03}") for place in range(150) for each in (right, wrong)]
    rows = summary(many, colour=False).splitlines()
    assert len(rows) == 150 + 4 + len({right.exercise, wrong.exercise}) - 1
    points, most = shown(right.points + wrong.points), shown(right.max_points + wrong.max_points)
    assert rows[1].split() == ["s000", "1", "of", "2", points, "/", most]
    solved = {row.split()[0]: row.split()[1:] for row in rows[152:]}
    assert solved[right.exercise][0] == "150"


def test_what_is_observed_is_said_once_for_each_check(header: Header, attempts: tuple[Attempt, ...]) -> None:
    solve = [each for each in attempts if each.exercise == "linalg/solve"]
    seen = [replace(each, checks=tuple(replace(check, observed=True) for check in each.checks)) for each in solve]
    note = "Observed, not proven: linalg/solve (value, gradient)."
    for kind in ("markdown", "terminal"):
        text = " ".join(rendered(kind, header, seen).decode().replace("\\", "").split())
        assert text.count("not proven") == text.count(note) == 1
        assert "not proven" not in rendered(kind, header, attempts).decode()
    assert rendered("junit", header, seen).decode().count('name="observed" value="not proven"') == 3
    report = json.loads(rendered("json", header, seen))
    assert {check.get("observed") for each in report["attempts"] for check in each["checks"]} == {True}
    assert b"observed" not in rendered("json", header, attempts).replace(b'"observed": "2"', b"")
