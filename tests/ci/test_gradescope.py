"""`export gradescope`, and the scripts in its archive as Gradescope starts them, in a tree like its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.unit.writers.pieces import valid_json

from ci.trees import (
    DOUBLE,
    NO_GRADIENT,
    NOTEBOOK,
    ROOT,
    course,
    empty_wheel,
    environment,
    installed_python,
    plant,
    traces,
)
from torchgrade.cli import main

RIGHT = "from doubling import twice\n\ndef double(x):\n    return twice(x)\n"
HANDED_IN = {
    "several files": ({"solution.py": RIGHT, "doubling.py": "def twice(x):\n    return 2 * x\n", "notes.txt": ""}, 3),
    "a notebook": ({"hw1.ipynb": NOTEBOOK}, 3),
    "one that is partly right": ({"answers.py": NO_GRADIENT}, 1),
    "no file at all": ({}, 0),
    "no code": ({"essay.pdf": "%PDF"}, 0),
}


@pytest.fixture
def autograder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`/autograder`, with the archive unpacked as Gradescope does it, and torchgrade installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    week = course(tmp_path / "exercises") / "assignments" / "week1.yaml"
    assert main(["export", "gradescope", "--assignment", str(week), "--into", "a.zip", "--seed", "a secret"]) == 0
    root = tmp_path / "autograder"
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile("a.zip") as archive:
        for each in archive.infolist():
            Path(archive.extract(each, root / "source")).chmod(each.external_attr >> 16)
    (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())
    (root / "run_autograder").chmod(0o755)
    installed_python(root / "venv" / "bin" / "python")
    return root


def run(root: Path) -> subprocess.CompletedProcess[str]:
    own = environment(AUTOGRADER_ROOT=str(root))
    return subprocess.run(
        [str(root / "run_autograder")], cwd=root, env=own, capture_output=True, text=True, timeout=180
    )


def results(root: Path) -> dict[str, Any]:
    """What Gradescope would read; nothing else is left beside it."""
    (written,) = (root / "results").iterdir()
    assert written.name == "results.json"
    told: dict[str, Any] = valid_json("gradescope", written.read_bytes())
    return told


@pytest.mark.parametrize("name", HANDED_IN)
def test_a_submission_gets_its_results(name: str, autograder: Path) -> None:
    files, points = HANDED_IN[name]
    for path, text in files.items():
        (autograder / "submission" / path).write_text(text)
    done = run(autograder)
    assert done.returncode == 0, done.stdout + done.stderr
    told = results(autograder)
    assert told["score"] == sum(test["score"] for test in told["tests"]) == points
    assert sum(test["max_score"] for test in told["tests"]) == 3
    assert "a secret" not in json.dumps(told) + done.stdout
    if not points:
        assert "There is no .py file and no notebook" in json.dumps(told)


def test_a_hostile_submission_changes_nothing(autograder: Path) -> None:
    (autograder / "submission").rmdir()
    plant(autograder / "submission")
    done = run(autograder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert results(autograder)["score"] == 1
    assert traces(autograder) == []


def test_our_fault_leaves_no_results_that_would_cost_points(autograder: Path) -> None:
    (autograder / "submission" / "answers.py").write_text(NO_GRADIENT)
    (autograder / "results" / "results.json").write_text("{}")
    unresolved = ROOT / "tests" / "corpus" / "unproven" / "draw-family.yaml"
    shutil.copy(unresolved, autograder / "source" / "exercises" / "tensor" / "double.yaml")
    done = run(autograder)
    assert done.returncode == 3, done.stdout + done.stderr
    assert list((autograder / "results").iterdir()) == []


def test_setup_installs_what_the_archive_says(autograder: Path, tmp_path: Path) -> None:
    """With commands that write down how they were called in the place of those that fetch something."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for name in ("apt-get", "python3", "uv"):
        (bin_ / name).write_text(f'#!/bin/sh\necho {name} "$@" "torch=$UV_TORCH_BACKEND" >>"$LOG"\n')
        (bin_ / name).chmod(0o755)
    log = tmp_path / "log"
    own = environment(AUTOGRADER_ROOT=str(autograder), LOG=str(log))
    own["PATH"] = f"{bin_}:{own['PATH']}"
    script = autograder / "source" / "setup.sh"
    done = subprocess.run([str(script)], cwd="/", env=own, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    assert "attacks by a real child" in done.stdout, "the log of the build tells what the image can do"
    calls = [line.split() for line in log.read_text().splitlines()]
    assert [call[:2] for call in calls] == [
        ["apt-get", "update"],
        ["apt-get", "install"],
        ["python3", "-m"],
        ["uv", "venv"],
        ["uv", "pip"],
    ]
    assert all("torch=cpu" in call for call in calls[3:])


def test_the_archive_is_what_gradescope_takes_and_always_the_same(autograder: Path) -> None:
    home = autograder.parent
    with zipfile.ZipFile(home / "a.zip") as archive:
        about = {each.filename: each for each in archive.infolist()}
        arguments = archive.read("grade.arguments").decode().splitlines()
        needed = archive.read("requirements.txt").decode().splitlines()
    assert all(about[name].external_attr >> 16 & 0o111 for name in ("setup.sh", "run_autograder"))
    assert {"exercises/tensor/double.yaml", "exercises/assignments/week1.yaml"} <= set(about)
    assert arguments == [
        "--seed=a secret", "--lang=en", "--isolation=sandbox", "--assignment", "exercises/assignments/week1.yaml"
    ]  # fmt: skip
    assert [each.partition("==")[0] for each in needed] == ["torchgrade", "torch", "numpy", "sympy", "mpmath"]
    assert all("+" not in each for each in needed)
    again = ["export", "gradescope", "--assignment", "exercises/assignments/week1.yaml", "--into", "b.zip"]
    assert main([*again, "--seed", "a secret"]) == 0
    assert (home / "a.zip").read_bytes() == (home / "b.zip").read_bytes()


def test_a_wheel_and_some_exercises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = course(tmp_path / "exercises")
    limits = "limits: {megabytes: 2048}\n"
    (folder / "tensor" / "large.yaml").write_text(DOUBLE.replace("entrypoint: double", f"{limits}entrypoint: large"))
    wheel = empty_wheel(tmp_path, "torchgrade", "9.9")
    assert main(["export", "gradescope", "--id", "large", "--wheel", str(wheel), "--into", "out/a.zip"]) == 0
    assert capsys.readouterr().out == (
        "wrote out/a.zip: 1 exercise\n"
        "memory: give its container 3.5 GB or more (Gradescope's default is 0.75): torchgrade takes 0.5, "
        "and tensor/large may take 2\n"
    )
    with zipfile.ZipFile("out/a.zip") as archive:
        names = archive.namelist()
        assert archive.read("requirements.txt").decode().splitlines()[0] == f"./{wheel.name}"
    assert wheel.name in names
    assert [name for name in names if name.startswith("exercises/")] == ["exercises/tensor/large.yaml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--into", "a.zip", "--isolation", "sandbx"), "there is no isolation level 'sandbx'; did you mean 'sandbox'?"),
        (("--into", "a.zip", "--seed", "1\n2"), "the seed has several lines"),
        (("--into", "a.zip", "--wheel", "exercises/tensor/double.yaml"), "is no wheel of torchgrade"),
        (("--into", "exercises/tensor/double.yaml/a.zip"), "cannot be written: "),
        (("--into", "a.zip", "--exercises", "faulty"), "nothing is written: some exercises have faults"),
        ((), "Missing option '--into'"),
    ],
)
def test_what_is_refused(
    arguments: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    course(tmp_path / "exercises")
    course(tmp_path / "faulty")
    (tmp_path / "faulty" / "bad.yaml").write_text("schema: 1\n")
    assert main(["export", "gradescope", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "a.zip").exists()
