"""What a fresh interpreter loads: no command that runs no student code pays for torch or sympy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"torch", "sympy"}
LAZY = {"yaml", "jsonschema", "numpy", "rich", "junitparser", "mpmath"}
REPORT = """
import json, sys
{before}
from torchgrade.cli import main
code = main({arguments!r})
print("\\n" + json.dumps([code, sorted({{name.partition(".")[0] for name in sys.modules}})]))
"""


def loaded(*arguments: str, before: str = "") -> tuple[int, set[str]]:
    """The exit code of a command in a fresh interpreter, and the packages that were loaded when it ended."""
    text = REPORT.format(before=before, arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stdout.splitlines()[-1])
    return code, set(modules)


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--topic", "tensor"),
        ("hint", "linalg/solve"),
        ("explain", "duplicate-key"),
        ("validate", "exercises/linalg/solve.yaml"),
        ("schema", "--check"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_commands_that_run_nothing_load_neither_torch_nor_sympy(arguments: tuple[str, ...]) -> None:
    code, modules = loaded(*arguments)
    assert code == 0
    assert not modules & HEAVY


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("--version",), ("chek",)], ids=" ".join)
def test_help_loads_next_to_nothing(arguments: tuple[str, ...]) -> None:
    assert not loaded(*arguments)[1] & (HEAVY | LAZY)


def test_importing_torchgrade_loads_nothing() -> None:
    text = "import sys, torchgrade; print(len([name for name in sys.modules if name.startswith('torchgrade')]))"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_this_test_can_fail() -> None:
    assert "sympy" in loaded("--help", before="import sympy")[1]
