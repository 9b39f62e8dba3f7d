"""`--format` and `--audience`: which writers they name, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.unit.writers.conftest import attempt, check, finding
from tests.unit.writers.pieces import FOR_STUDENTS, valid_json

from torchgrade.cli import main
from torchgrade.cli.classroom50 import identity
from torchgrade.cli.formats import writers
from torchgrade.errors import UsageError
from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.writers import WRITERS

SET = {
    "CLASSROOM": "algebra",
    "ASSIGNMENT": "week1",
    "ASSIGNMENT_TYPE": "group",
    "USERNAME": "ada",
    "SUBMISSION_TAG": "submit/20270115T155900Z-0a1b2c3",
    "COMMIT_URL": "https://example.org/commit",
    "RELEASE_URL": "https://example.org/release",
    "REVIEW_URL": "https://example.org/review",
    "GITHUB_ACTOR": "ben",
    "GITHUB_ACTOR_ID": "36",
}
NOW = datetime(2027, 1, 15, 15, 59, 30, 5, tzinfo=UTC)


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """The environment that the runner of Classroom 50 makes, and no other."""

    def use(environ: dict[str, str]) -> None:
        for name in (*SET, "OWNER"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environ.items():
            monkeypatch.setenv(name, value)

    return use


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """The record of one submitter, with something for staff in it."""
    shown = finding("by hand", Verdict.WRONG_ANSWER, "It is transposed.")
    one: Attempt = attempt("ada", "linalg/solve", check("value", "1/3", "4", shown))
    header = Header(versions={"torchgrade": "0.1.0"}, isolation="sandbox", seed="s")
    (tmp_path / "report.json").write_bytes(b"".join(WRITERS["json"].render(header, [one])))
    return tmp_path


def test_every_format_that_help_names_is_there() -> None:
    named = writers("json,md,html,csv,junit,terminal,github,gradescope,ctrf")
    assert {writer.kind for writer in named} == set(WRITERS) - {"classroom50"}
    assert [writer.kind for writer in writers(" md, txt ,md")] == ["markdown", "terminal"], "once each"


def test_without_an_audience_each_format_has_its_own() -> None:
    told = {writer.kind: writer.audience for writer in writers("json,csv,md,html,github")}
    staff = {kind for kind, audience in told.items() if audience is Audience.STAFF}
    assert staff == {"json", "csv"}
    assert {"markdown", "html", "github", "gradescope", "classroom50", "junit", "ctrf", "terminal"} == {*FOR_STUDENTS}


@pytest.mark.parametrize(
    ("formats", "audience", "message"),
    [
        ("", None, "--format names no report format"),
        ("htm", None, "there is no report format 'htm'; did you mean 'html'?"),
        ("json,md", "student", "the format json is for staff only"),
        ("csv", "student", "the format csv is for staff only"),
        ("classroom50", "staff", "the format classroom50 is for students only"),
    ],
)
def test_what_cannot_be_is_refused(formats: str, audience: str | None, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        writers(formats, audience)
    assert refused.value.message == message
    assert refused.value.hint


def test_what_the_runner_of_classroom_50_says_is_taken_in() -> None:
    told = identity(SET, NOW)
    assert (told.classroom, told.assignment, told.assignment_type) == ("algebra", "week1", "group")
    assert (told.owner, told.username, told.user_id) == ("ada", "ben", 36)
    assert told.datetime == "2027-01-15T15:59:30Z"


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"OWNER": "group-3"}, "owner", "group-3"),
        ({"REVIEW_URL": ""}, "review", "https://example.org/commit"),
        ({"ASSIGNMENT_TYPE": " "}, "assignment_type", "individual"),
        ({"GITHUB_ACTOR_ID": "³6"}, "user_id", None),
        ({"GITHUB_ACTOR": ""}, "username", ""),
    ],
)
def test_what_older_runners_leave_out_has_another(changes: dict[str, str], field: str, value: object) -> None:
    assert getattr(identity({**SET, **changes}, NOW), field) == value


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"CLASSROOM": "", "USERNAME": "", "COMMIT_URL": " "},
            "the format classroom50 needs to know which submission this is: CLASSROOM, OWNER, COMMIT_URL not set",
        ),
        ({"SUBMISSION_TAG": "v1"}, "SUBMISSION_TAG is 'v1'"),
        ({"ASSIGNMENT_TYPE": "pair"}, "ASSIGNMENT_TYPE is 'pair'"),
    ],
)
def test_without_it_nothing_is_written(changes: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        identity({**SET, **changes}, NOW)
    assert refused.value.message == message
    assert refused.value.hint


def test_a_stored_report_becomes_a_result_of_classroom_50(
    report: Path, runner: Callable[[dict[str, str]], None]
) -> None:
    runner(SET)
    assert main(["render", str(report), "--format", "classroom50,gradescope,ctrf"]) == 0
    told = valid_json("classroom50", (report / "result.json").read_bytes())
    assert (told["score"], told["max-score"], told["owner"]) == (33, 400, "ada")
    assert valid_json("gradescope", (report / "results.json").read_bytes())["score"] == 0.333333
    valid_json("ctrf", (report / "ctrf.json").read_bytes())


def test_outside_of_it_a_report_is_refused_before_anything_is_written(
    report: Path, runner: Callable[[dict[str, str]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    runner({})
    assert main(["render", str(report), "--format", "md,classroom50"]) == 2
    assert "CLASSROOM, ASSIGNMENT, OWNER, SUBMISSION_TAG, COMMIT_URL, RELEASE_URL not set" in capsys.readouterr().err
    assert [path.name for path in report.iterdir()] == ["report.json"]


@pytest.mark.parametrize(("asked", "is_told"), [((), False), (("--audience", "staff"), True)])
def test_the_audience_decides_what_is_in_a_report(asked: tuple[str, ...], is_told: bool, report: Path) -> None:
    assert main(["render", str(report), "--format", "md,junit,gradescope", *asked]) == 0
    for name in ("report.md", "junit.xml", "results.json"):
        text = (report / name).read_text(encoding="utf-8")
        assert "It is transposed." in text
        assert ("STAFF-ONLY" in text) == is_told
    assert "STAFF-ONLY" in json.dumps(json.loads((report / "report.json").read_text(encoding="utf-8")))


def test_times_are_told_in_utc() -> None:
    assert identity(SET, NOW.astimezone(timezone(timedelta(hours=8)))).datetime == "2027-01-15T15:59:30Z"
