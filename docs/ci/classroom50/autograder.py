"""An autograder of Classroom 50 that grades with torchgrade: CLASSROOM/autograders/ASSIGNMENT/autograder.py

Beside it: `exercises/`, and a wheel of torchgrade if no release is to be installed.

The runner starts it in the student's checkout. Nothing in there is run, imported or obeyed: every Python below looks
neither there nor into the environment for code (-I) and is started in an empty folder, and only result.json is written
into the checkout, in the place of whatever the student may have put there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SUBMISSION = "."
"""The student's file or folder, in the checkout; in a folder `solution.py` counts, or the only script or notebook."""
ASSIGNMENT_FILE = ""
"""`exercises/assignments/week1.yaml`, if there is one; else all exercises count."""
RELEASE = "torchgrade==0.1.0"
CPU_ONLY = "https://download.pytorch.org/whl/cpu"
GRADED = (0, 1)
"""The exit codes of `torchgrade grade` when it did its work."""

HERE = Path(__file__).resolve().parent


def main() -> int:
    """0 if result.json is there, else what torchgrade said: an error to the runner, which costs no points."""
    checkout = Path.cwd()
    result = checkout / "result.json"
    remove(result)
    submission = checkout / SUBMISSION
    if submission.resolve() != checkout.resolve() / SUBMISSION:
        print(f"{SUBMISSION} is no file or folder of the checkout, but behind a link", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as empty:
        code = grade(submission, Path(empty))
        if code in GRADED:
            shutil.copyfile(Path(empty, "report", "result.json"), result)
            return 0
    return code


def grade(submission: Path, empty: Path) -> int:
    """Grade in an empty folder; the report is in it."""
    chosen = ["--assignment", str(HERE / ASSIGNMENT_FILE)] if ASSIGNMENT_FILE else []
    whose = os.environ.get("OWNER") or os.environ["USERNAME"]
    command = [
        *(python(empty), "-I", "-m", "torchgrade", "grade", str(submission), f"--submitter={whose}"),
        *("--exercises", str(HERE / "exercises"), *chosen),
        *("--format", "classroom50", "--report", str(empty / "report")),
    ]
    environment = os.environ | {"XDG_STATE_HOME": str(empty / "state")}
    return subprocess.run(command, cwd=empty, env=environment, check=False).returncode


def python(empty: Path) -> str:
    """A Python that has torchgrade: the one that is named, as in a container that has it, or a new one."""
    named = os.environ.get("TORCHGRADE_PYTHON")
    if named:
        return named
    own = empty / "python"
    subprocess.run([sys.executable, "-I", "-m", "venv", str(own)], cwd=empty, check=True)
    found = str(own / "bin" / "python")
    install = [found, "-I", "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--index-url", CPU_ONLY, "torch>=2.6,<2.14"], cwd=empty, check=True)
    wheels = [str(path) for path in HERE.glob("torchgrade-*.whl")]
    subprocess.run([*install, *(wheels or [RELEASE])], cwd=empty, check=True)
    return found


def remove(path: Path) -> None:
    """Whatever is called so: a file, a folder, or a link, which is not followed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
