"""The Action, as GitHub runs it: the steps of action.yml, with the script that they start and the files they write."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ci.trees import NO_GRADIENT, ROOT, course, empty_wheel, environment, plant, traces

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
SCRIPT = (ROOT / "docs" / "ci" / "action.sh").read_text()
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout of a student's repository beside one of the course's."""
    workspace = tmp_path / "workspace"
    course(workspace / "course" / "exercises")
    (workspace / "student").mkdir()
    (workspace / "student" / "solution.py").write_text(NO_GRADIENT)
    (tmp_path / "runner").mkdir()
    return workspace


def run(workspace: Path, **given: str) -> tuple[subprocess.CompletedProcess[str], Mapping[str, str]]:
    """The step that grades, with inputs as a workflow gives them, and its outputs; torchgrade is installed already."""
    inputs = {name: str(about.get("default", "")) for name, about in ACTION["inputs"].items()}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    inputs |= {"python": sys.executable}
    known = {f"inputs.{name}": value for name, value in inputs.items()}
    known |= {"github.actor": "ada", "github.action_path": str(ROOT)}
    (step,) = (step for step in ACTION["runs"]["steps"] if step.get("id") == "grade")

    def told(text: str) -> str:
        while EXPRESSION.search(text):
            text = EXPRESSION.sub(lambda match: known[match[1]], text)
        return text

    runner = workspace.parent / "runner"
    files = {name: str(runner / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    own = environment(GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(workspace), RUNNER_TEMP=str(runner), **files)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=told(step["working-directory"]),
        env=own | {name: told(value) for name, value in step["env"].items()},
        capture_output=True,
        text=True,
        timeout=180,
    )
    written = Path(files["GITHUB_OUTPUT"])
    lines = written.read_text().splitlines() if written.exists() else []
    return done, dict(line.split("=", 1) for line in lines)


def summary(workspace: Path) -> str:
    return (workspace.parent / "runner" / "github_step_summary").read_text()


def test_a_submission_is_graded_with_annotations_a_summary_and_reports(workspace: Path) -> None:
    done, outputs = run(workspace, submission="student", exercises="course/exercises", fail_under="30")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^ada +tensor/double +✗ wrong answer +1 / 3$", done.stdout, re.MULTILINE)
    assert re.search(
        r"^::error file=solution\.py,line=\d+,title=tensor/double%2C gradient::", done.stdout, re.MULTILINE
    )
    assert "::error::forged" not in done.stdout
    assert "| ada | 1 | 3 |" in summary(workspace)
    assert outputs | {"report": ""} == {"report": "", "points": "1", "max-points": "3"}
    assert {path.name for path in Path(outputs["report"]).iterdir()} == {"report.md", "junit.xml"}
    assert not Path(outputs["report"]).is_relative_to(workspace)


def test_an_assignment_a_gate_and_other_formats(workspace: Path) -> None:
    done, outputs = run(
        workspace,
        submission="student/solution.py",
        exercises="course/exercises",
        assignment="course/exercises/assignments/week1.yaml",
        format="csv,html",
        fail_under="60",
        seed="a secret",
        submitter="ben",
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "| ben | 1 | 3 |" in summary(workspace)
    assert "a secret" not in done.stdout + summary(workspace)
    assert outputs["points"] == "1"
    assert {"report.csv", "report.html"} <= {path.name for path in Path(outputs["report"]).iterdir()}


def test_a_class_has_no_sum(workspace: Path) -> None:
    (workspace / "student" / "other.py").write_text("def double(x):\n    return 2 * x\n")
    done, outputs = run(workspace, submission="student", exercises="course/exercises", submitter="")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "points" not in outputs
    assert "| other | 3 | 3 |" in summary(workspace)


def test_a_hostile_checkout_changes_nothing(workspace: Path) -> None:
    """The student's checkout is the workspace itself, and the course lies in it."""
    clean, before = run(workspace, submission="student", exercises="course/exercises")
    plant(workspace)
    done, outputs = run(workspace, submission=".", exercises="course/exercises")
    assert traces(workspace.parent) == []
    assert done.returncode == clean.returncode == 0, done.stdout + done.stderr
    assert outputs["points"] == before["points"] == "1"
    assert re.sub(r"[0-9a-f]{32}|/\S+", "", done.stdout) == re.sub(r"[0-9a-f]{32}|/\S+", "", clean.stdout)


@pytest.mark.parametrize("submission", ["student/solution.py", "student/week/solution.py"])
def test_what_is_behind_a_link_is_not_graded(workspace: Path, submission: str) -> None:
    secret = workspace / "course" / "exercises" / "solution.py"
    secret.write_text("CANARY = \n")
    link = workspace / "student" / submission.split("/")[1]
    link.unlink(missing_ok=True)
    link.symlink_to(secret if link.suffix else secret.parent)
    done, outputs = run(workspace, submission=submission, exercises="course/exercises")
    assert done.returncode == 2
    assert f"{submission} is no file or folder of the workspace, but behind a link" in done.stderr
    assert "CANARY" not in done.stdout
    assert not outputs


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"submission": "nobody", "exercises": "course/exercises"}, "nobody"),
        ({"submission": "student", "exercises": "student"}, "there are no exercises in"),
        ({"submission": "student", "exercises": "course/exercises", "isolation": "none"}, "isolation level 'none'"),
    ],
)
def test_a_refusal_ends_the_step_without_outputs(workspace: Path, given: dict[str, str], said: str) -> None:
    done, outputs = run(workspace, **given)
    assert done.returncode == 2
    assert said in done.stderr
    assert not outputs


def test_a_release_is_installed_into_an_environment_of_its_own(tmp_path: Path) -> None:
    """With empty wheels in the place of what is fetched."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name, version in {"torch": "2.13.0", "torchgrade": "9.9"}.items():
        empty_wheel(wheels, name, version)
    own = environment(PIP_NO_INDEX="1", PIP_NO_DEPS="1", PIP_FIND_LINKS=str(wheels))
    (step, _) = ACTION["runs"]["steps"]
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=ROOT,
        env=own | {"RUNNER_TEMP": str(tmp_path), "INPUT_VERSION": "9.9"},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    listed = [str(tmp_path / "torchgrade" / "bin" / "python"), "-I", "-m", "pip", "list", "--format", "freeze"]
    found = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    assert {"torch==2.13.0", "torchgrade==9.9"} <= set(found)


def test_every_input_reaches_the_script_by_the_environment_only() -> None:
    """An expression in a script would be code, whatever is in it."""
    steps = ACTION["runs"]["steps"]
    assert not any("${{" in step["run"] for step in steps)
    passed = {value for step in steps for value in step["env"].values()}
    assert passed == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}
    used = set(re.findall(r"INPUT_\w+", SCRIPT))
    assert used == {name for step in steps for name in step["env"]}


def test_torch_is_the_one_that_is_allowed() -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    (torch,) = (each for each in needed if each.startswith("torch>"))
    for name in ("action.sh", "Dockerfile", "classroom50/autograder.py"):
        assert torch in (ROOT / "docs" / "ci" / name).read_text(), name
