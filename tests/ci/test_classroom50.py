"""The autograder for Classroom 50, as its runner starts it: in the student's checkout, with its environment."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.writers.pieces import valid_json

from ci.trees import NO_GRADIENT, ROOT, course, environment, installed_python, plant, traces

AUTOGRADER = ROOT / "docs" / "ci" / "classroom50" / "autograder.py"
TOLD = {
    "CLASSROOM": "algebra-2027",
    "ASSIGNMENT": "week1",
    "ASSIGNMENT_TYPE": "individual",
    "USERNAME": "ada",
    "OWNER": "ada",
    "SUBMISSION_TAG": "submit/20270115T155900Z-0a1b2c3",
    "COMMIT_URL": "https://github.com/org/algebra-2027-week1-ada/commit/0a1b2c3",
    "RELEASE_URL": "https://github.com/org/algebra-2027-week1-ada/releases/tag/submit%2F20270115T155900Z-0a1b2c3",
    "REVIEW_URL": "https://github.com/org/algebra-2027-week1-ada/compare/1...2",
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """What the runner unpacks: the autograder, with exercises beside it."""
    bundle = tmp_path / "bundle"
    course(bundle / "exercises")
    shutil.copy(AUTOGRADER, bundle)
    installed_python(tmp_path / "python" / "bin" / "python")
    return bundle


def run(bundle: Path, checkout: Path, *, edit: tuple[str, str] = ("", "")) -> subprocess.CompletedProcess[str]:
    script = bundle / "autograder.py"
    script.write_text(script.read_text().replace(*edit))
    own = environment(TORCHGRADE_PYTHON=str(bundle.parent / "python" / "bin" / "python"), **TOLD)
    command = [sys.executable, str(script)]
    return subprocess.run(command, cwd=checkout, env=own, capture_output=True, text=True, timeout=180)


def test_a_submission_gets_its_result(bundle: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "answers.py").write_text(NO_GRADIENT)
    week = ('ASSIGNMENT_FILE = ""', 'ASSIGNMENT_FILE = "exercises/assignments/week1.yaml"')
    done = run(bundle, checkout, edit=week)
    assert done.returncode == 0, done.stdout + done.stderr
    told = valid_json("classroom50", (checkout / "result.json").read_bytes())
    assert (told["score"], told["max-score"], told["owner"]) == (100, 300, "ada")
    assert sorted(path.name for path in checkout.iterdir()) == ["answers.py", "result.json"]


def test_a_hostile_checkout_changes_nothing(bundle: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    plant(checkout)
    done = run(bundle, checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (checkout / "result.json").is_symlink()
    assert valid_json("classroom50", (checkout / "result.json").read_bytes())["score"] == 100
    assert traces(tmp_path) == []


def test_what_cannot_be_graded_leaves_no_result_of_the_student_s(bundle: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "result.json").mkdir(parents=True)
    done = run(bundle, checkout, edit=('SUBMISSION = "."', 'SUBMISSION = "nobody.py"'))
    assert done.returncode == 2
    assert not (checkout / "result.json").exists()


def test_what_is_behind_a_link_is_not_graded(bundle: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "answers.py").symlink_to(bundle / "exercises" / "tensor" / "double.yaml")
    done = run(bundle, checkout, edit=('SUBMISSION = "."', 'SUBMISSION = "answers.py"'))
    assert done.returncode == 2
    assert done.stderr == "answers.py is no file or folder of the checkout, but behind a link\n"
