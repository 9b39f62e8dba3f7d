"""The graded tree is the student's: whatever lies beside the submission, none of it is imported, read or obeyed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXERCISES = ROOT / "exercises"
CONSOLE_SCRIPT = (str(Path(sys.executable).with_name("torchgrade")),)
MODULE = (sys.executable, "-P", "-m", "torchgrade")
CARELESS = (sys.executable, "-m", "torchgrade")
WRONG = "def cubic_minus_square(a, b):\n    return a\n"

SHADOWS = (
    *("click", "yaml", "numpy", "torch", "sympy", "mpmath", "rich", "jsonschema", "json", "socket", "pickle"),
    *("torchgrade", "sitecustomize", "usercustomize", "conftest", "submission", "exercises", "worker"),
)
"""Modules that would be ours if the folder were on the path."""
SETTINGS = {
    "pyproject.toml": "[tool.torchgrade]\nisolation = 'process'\n[tool.pytest.ini_options]\naddopts = '-p answers'\n",
    "torchgrade.toml": "isolation = 'process'\n",
    ".torchgrade/config.yaml": "isolation: process\nseed: '1'\n",
    "pytest.ini": "[pytest]\npython_files = *.py\n",
    "setup.cfg": "[torchgrade]\nisolation = process\n",
    ".env": "PYTHONPATH=.\nTORCHGRADE_ISOLATION=process\n",
    ".local/state/torchgrade/seed": "1",
    "state/torchgrade/seed": "1",
    ".pth": "import os; os._exit(7)\n",
    "a.pth": "import os; os._exit(7)\n",
}
"""Configuration and state that a student would write if anybody read them."""


def plant(folder: Path) -> None:
    """A tree in which every module leaves a trace when it is imported, and every setting makes grading weaker."""
    for name in SHADOWS:
        trace = f"open({str(folder / f'trace-{name}')!r}, 'w').close()\nraise ImportError('shadowed')\n"
        (folder / f"{name}.py").write_text(trace)
    for name, text in SETTINGS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "answers.py").write_text(WRONG)


def graded(command: tuple[str, ...], folder: Path, reports: Path) -> subprocess.CompletedProcess[str]:
    arguments = ("grade", str(folder / "answers.py"), "--exercises", str(EXERCISES), "--id", "cubic-minus-square")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [*command, *arguments, "--seed", "1", "--report", str(reports)],
        cwd=folder,
        env=environment | {"XDG_STATE_HOME": str(reports.parent / "kept")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def traces(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("trace-*"))


@pytest.mark.parametrize("command", [CONSOLE_SCRIPT, MODULE], ids=["console script", "python -P -m"])
def test_a_hostile_tree_changes_nothing(command: tuple[str, ...], tmp_path: Path) -> None:
    tree, clean = tmp_path / "tree", tmp_path / "clean"
    tree.mkdir()
    clean.mkdir()
    plant(tree)
    (clean / "answers.py").write_text(WRONG)
    reports = [tmp_path / "hostile-report", tmp_path / "clean-report"]
    for folder, report in zip((tree, clean), reports, strict=True):
        done = graded(command, folder, report)
        assert done.returncode == 0, done.stderr
    assert traces(tree) == []
    one, other = (
        (report / "report.json").read_text().replace(str(folder), "")
        for folder, report in zip((tree, clean), reports, strict=True)
    )
    assert one == other
    assert '"isolation": "sandbox"' in one


def test_the_tree_is_a_trap_where_python_looks_into_it(tmp_path: Path) -> None:
    """What the test above would see if there were something to see: `python -m` without -P looks there first."""
    plant(tmp_path)
    assert graded(CARELESS, tmp_path, tmp_path / "report").returncode != 0
    assert traces(tmp_path)


@pytest.mark.parametrize("name", ["answers.py", "bob"])
def test_what_a_link_leads_to_was_not_handed_in(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "submissions"
    folder.mkdir()
    secret = tmp_path / ("answer.py" if name.endswith(".py") else "answers")
    if name == "bob":
        secret.mkdir()
        (secret / "solution.py").write_text("CANARY = 271828\n")
    else:
        secret.write_text("CANARY = 271828\n")
    (folder / name).symlink_to(secret)
    done = grade_folder(folder, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "It is a link, and what it leads to was not handed in" in (tmp_path / "out" / "report.md").read_text()
    assert "271828" not in (tmp_path / "out" / "report.json").read_text()


def test_pipes_and_devices_do_not_hang_the_reader(tmp_path: Path) -> None:
    folder = tmp_path / "submissions"
    folder.mkdir()
    os.mkfifo(folder / "pipe.py")
    (folder / "right.py").write_text("def cubic_minus_square(a, b):\n    return 3 * a**3 - b**2\n")
    done = grade_folder(folder, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / "report.json").read_text()
    assert '"verdict": "invalid_submission"' in text
    assert '"verdict": "accepted"' in text


def grade_folder(folder: Path, reports: Path) -> subprocess.CompletedProcess[str]:
    arguments = ("grade", str(folder), "--exercises", str(EXERCISES), "--id", "cubic-minus-square", "--seed", "1")
    return subprocess.run(
        [*CONSOLE_SCRIPT, *arguments, "--report", str(reports)], capture_output=True, text=True, check=False, timeout=60
    )
