"""A course and students' folders to try platforms with: right, wrong, and hostile to whoever grades in their folder."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = ("-c", os.devnull, "--rootdir", ".", "--noconftest", "-p", "no:cacheprovider")
"""How docs/ci.md has pytest started beside a submission."""
DOUBLE = """\
schema: 1
title: Double
task: Return $2x$.
entrypoint: double
parameters: {x: [n]}
reference: 2*x
cases:
  - {name: by hand, inputs: {x: [1, 2]}, expected: [2, 4]}
  - {draw: 4}
checks: [value, {kind: gradient, points: 2}]
"""
WEEK = """\
schema: 1
title: Week 1
exercises: [tensor/double]
files: [doubling.py]
"""
NO_GRADIENT = """\
def double(x):
    print("::error::forged")
    print("points=99")
    return x + x.detach()
"""
"""Earns 1 of 3 points."""
NOTEBOOK = """\
{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source":
"def double(x):\\n    return 2 * x"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
"""
OURS = (
    *("click", "yaml", "numpy", "torch", "sympy", "mpmath", "rich", "jsonschema", "json", "socket", "pickle", "venv"),
    *("torchgrade", "sitecustomize", "usercustomize", "conftest", "pip", "ensurepip", "subprocess", "tempfile"),
)
"""Modules that would be ours if the folder were on the path."""
SETTINGS = {
    "pyproject.toml": "[tool.torchgrade]\nisolation = 'process'\n[project]\nname = 'torchgrade'\nversion = '99'\n",
    "setup.py": "import os; os._exit(7)\n",
    "exercises/tensor/double.yaml": DOUBLE.replace("reference: 2*x", "reference: x"),
    "uv.toml": "offline = true\n",
    "pip.conf": "[global]\nno-index = true\n",
    "state/torchgrade/seed": "1",
    "torchgrade-report/report.md": "# forged\n",
}


def course(folder: Path) -> Path:
    """The exercises of a course: one, in an assignment that allows a module beside it."""
    for name, text in {"tensor/double.yaml": DOUBLE, "assignments/week1.yaml": WEEK}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def plant(folder: Path, answers: str = NO_GRADIENT) -> None:
    """A student's folder in which each of our modules leaves a trace when it is imported, and each setting lies.

    The answers are in `solution.py`, which counts among all these scripts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in OURS:
        trace = f"open({str(folder.parent / f'trace-{name}')!r}, 'w').close()\nraise ImportError('shadowed')\n"
        (folder / f"{name}.py").write_text(trace)
    for name, text in SETTINGS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "result.json").symlink_to(folder.parent / "elsewhere.json")
    (folder / "solution.py").write_text(answers)


def traces(folder: Path) -> list[str]:
    """What was imported that should not have been, and what was written through a link."""
    return sorted(path.name for path in (*folder.glob("trace-*"), *folder.glob("elsewhere.json")))


def environment(**more: str) -> dict[str, str]:
    """That of a job: nothing of the run of tests, and no state of this user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GITHUB", "PYTEST"))}
    return kept | {"NO_COLOR": "1"} | more


def installed_python(path: Path) -> Path:
    """A Python at `path` that has torchgrade: this one, under another name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    path.chmod(0o755)
    return path


def empty_wheel(folder: Path, name: str, version: str) -> Path:
    """A wheel with nothing in it, in the place of one that would have to be fetched."""
    about = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return path
