"""The hook for pre-commit, run as pre-commit runs it; and what linters say of scripts, where they are installed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ci.trees import ROOT, course, environment

(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
SHELL = (
    "docs/ci/action.sh",
    *(f"src/torchgrade/authoring/gradescope/{name}" for name in ("setup.sh", "run_autograder")),
)
LINTERS = {
    "shellcheck": ("shellcheck", *SHELL),
    "zizmor": ("zizmor", "--offline", "--quiet", "action.yml"),
    "hadolint": ("hadolint", "docs/ci/Dockerfile"),
}


def hook(folder: Path) -> subprocess.CompletedProcess[str]:
    """The entry with the names of the files that it wants, from the root of the repository."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    wanted = [name for name in names if re.search(HOOK["files"], name)]
    program, *arguments = shlex.split(HOOK["entry"])
    found = str(Path(sys.executable).with_name(program))
    return subprocess.run(
        [found, *arguments, *wanted], cwd=folder, env=environment(), capture_output=True, text=True, timeout=60
    )


def test_the_hook_accepts_what_is_well_formed_and_names_what_is_not(tmp_path: Path) -> None:
    course(tmp_path / "exercises")
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    done = hook(tmp_path)
    assert (done.returncode, done.stdout) == (0, "1 exercise, 1 assignment, 0 faults\n"), done.stderr
    (tmp_path / "exercises" / "tensor" / "again.yaml").write_text(
        (tmp_path / "exercises" / "tensor" / "double.yaml").read_text()
    )
    done = hook(tmp_path)
    assert done.returncode == 1
    assert "exercises/tensor/double.yaml: same-entrypoint: " in done.stdout


def test_the_hook_is_one_that_pre_commit_takes() -> None:
    assert set(HOOK) == {"id", "name", "description", "entry", "language", "types", "files", "require_serial"}
    assert HOOK["require_serial"], "several processes at a time would each see some of the files"


@pytest.mark.parametrize("name", SHELL)
def test_scripts_are_bash_and_can_be_started(name: str) -> None:
    assert (ROOT / name).stat().st_mode & 0o111
    assert (ROOT / name).read_text().startswith("#!/usr/bin/env bash\n")
    subprocess.run(["bash", "-n", name], cwd=ROOT, check=True)


@pytest.mark.parametrize("name", LINTERS)
def test_a_linter_finds_nothing(name: str) -> None:
    program, *arguments = LINTERS[name]
    found = shutil.which(program, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert found, f"{name} is not installed: make install"
    done = subprocess.run([found, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_compiles_what_it_installs_and_grades_without_rights() -> None:
    """It is not built here, where there is no daemon to build it."""
    lines = (ROOT / "docs" / "ci" / "Dockerfile").read_text().splitlines()
    installs = [line for line in lines if "pip install" in line]
    assert len(installs) == 2
    assert all("--compile" in line for line in installs)
    steps: list[Any] = [line.split() for line in lines if re.match(r"[A-Z]+ ", line)]
    last = [step[0] for step in steps].index("USER")
    assert steps[last][1].isdecimal()
    assert [step[0] for step in steps[last + 1 :]] == ["WORKDIR", "CMD"]
    copied = [name for step in steps if step[0] == "COPY" and "--from" not in step[1] for name in step[1:-1]]
    assert all((ROOT / name).exists() for name in copied)
