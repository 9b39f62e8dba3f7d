"""The job for GitLab: its script, run as a runner runs it, with a course that is cloned from a repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ci.trees import NO_GRADIENT, ROOT, course, environment, plant, traces

JOB: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "ci" / "gitlab.yml").read_text())["grade"]
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")


def run(place: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The job in `place/checkout`, after the exercises of `place/course` were committed."""
    course(place / "course" / "exercises")
    for command in (["init"], ["add", "."], ["commit", "-m", "exercises"]):
        subprocess.run([*GIT, *command], cwd=place / "course", check=True, capture_output=True)
    known = {
        "CI_PROJECT_DIR": str(place / "checkout"),
        "CI_PROJECT_NAME": "ada",
        "CI_SERVER_HOST": "gitlab.example",
        "CI_JOB_TOKEN": "token",
        "TMPDIR": str(place),
        "XDG_STATE_HOME": str(place / "state-of-the-job"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{place}/course.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://gitlab-ci-token:token@gitlab.example/my-course/exercises.git",
    }
    own = environment(**known)
    own |= {name: value.replace("$CI_SERVER_HOST", "gitlab.example") for name, value in JOB["variables"].items()}
    own |= variables | {"PATH": f"{Path(sys.executable).parent}:{own['PATH']}"}
    script = "set -eo pipefail\n" + "\n".join(JOB["script"])
    command = ["bash", "-c", script]
    return subprocess.run(command, cwd=place / "checkout", env=own, capture_output=True, text=True, timeout=180)


@pytest.mark.parametrize(("fail_under", "code"), [("0", 0), ("60", 1)])
def test_a_project_is_graded_and_leaves_its_reports(fail_under: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "answers.py").write_text(NO_GRADIENT)
    done = run(tmp_path, FAIL_UNDER=fail_under)
    assert done.returncode == code, done.stdout + done.stderr
    kept = tmp_path / "checkout" / JOB["artifacts"]["reports"]["junit"]
    assert 'name="tensor/double::gradient"' in kept.read_text()
    (report,) = JOB["artifacts"]["paths"]
    assert "| ada | 1 | 3 |" in (tmp_path / "checkout" / report).read_text()


def test_a_hostile_checkout_changes_nothing(tmp_path: Path) -> None:
    plant(tmp_path / "checkout")
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (report,) = JOB["artifacts"]["paths"]
    assert "| ada | 1 | 3 |" in (tmp_path / "checkout" / report).read_text()
    assert traces(tmp_path) == []
