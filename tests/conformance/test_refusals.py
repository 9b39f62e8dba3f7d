"""On a kernel that lacks a layer: `grade` refuses and says what is missing, `check` takes the best level that is left.

The kernel is this one, behind a filter that answers one system call with an error, as a container's engine does.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

LAUNCH = """
import ctypes, os, struct, sys
from torchgrade.worker.confine import capabilities, libc, seccomp

number, error = int(sys.argv[1]), int(sys.argv[2])
rows = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (6, 0, 0, 0x50000 | error), (6, 0, 0, seccomp.ALLOW)]
code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *row) for row in rows))
capabilities.never_gain()
program = struct.pack("@HP", len(rows), ctypes.addressof(code))
libc.syscall("seccomp", seccomp.MACHINES[os.uname().machine][2], 1, 0, program)
os.execv(sys.executable, [sys.executable, "-P", "-m", "torchgrade", *sys.argv[3:]])
"""
RIGHT = "def cubic_minus_square(a, b):\n    return 3 * a**3 - b**2\n"
LANDLOCK = 444
UNSHARE, SECCOMP = {"x86_64": (272, 317), "aarch64": (97, 277)}.get(os.uname().machine, (0, 0))


@dataclass(frozen=True)
class Row:
    """A call that fails, what `grade` at the level then says, and the level that `check` takes."""

    level: str
    call: int
    error: int
    said: str
    left: str


ROWS = [
    Row("sandbox", LANDLOCK, errno.ENOSYS, "its layer landlock is missing (ENOSYS: ", "process"),
    Row("sandbox", LANDLOCK, errno.EOPNOTSUPP, "its layer landlock is missing (ENOTSUP: ", "process"),
    Row("sandbox", SECCOMP, errno.ENOSYS, "its layer seccomp is missing (ENOSYS: ", "process"),
    Row("namespaces", UNSHARE, errno.EPERM, "its layer namespaces is missing (EPERM: ", "sandbox"),
    Row("namespaces", UNSHARE, errno.ENOSPC, "its layer namespaces is missing (ENOSPC: ", "sandbox"),
]


def torchgrade(row: Row, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "right.py").write_text(RIGHT)
    command = [sys.executable, "-c", LAUNCH, str(row.call), str(row.error), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.level}-{row.call}-{errno.errorcode[row.error]}")
def test_grade_refuses_rather_than_degrade(row: Row, tmp_path: Path) -> None:
    done = torchgrade(row, tmp_path, "grade", "right.py", "--id", "cubic-minus-square", "--isolation", row.level)
    assert done.returncode == 2, done.stderr
    assert f"{row.level}: not to be had here, because {row.said}" in done.stderr
    assert "only if you trust every submission: --isolation process (not a sandbox)" in done.stderr
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("row", [ROWS[0], ROWS[3]], ids=lambda row: row.left)
def test_check_takes_the_best_that_is_left_and_says_which(row: Row, tmp_path: Path) -> None:
    done = torchgrade(row, tmp_path, "check", "right.py", "cubic-minus-square")
    assert done.returncode == 0, done.stderr
    assert f"isolation: {row.left}: " in done.stderr
