"""The filter's program, run by a small machine of our own: what it lets through on x86-64 and on aarch64."""

from __future__ import annotations

import errno
import os
import re
import struct
from pathlib import Path

import pytest

from torchgrade.worker.confine.seccomp import ALLOW, KILL, MACHINES, Program
from torchgrade.worker.confine.syscalls import ALLOWED, CLONE3

PID = 4711
ERRNO = 0x00050000
X86_64_HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
GENERIC_HEADER = Path("/usr/include/asm-generic/unistd.h")
THREAD = 0x3D0F00
"""What glibc's pthread_create asks of clone."""
TMPFILE = os.O_TMPFILE


def run(program: bytes, architecture: int, number: int, *arguments: int) -> int:
    """What a filter returns: the instructions of the kernel's BPF machine that ours uses."""
    six = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, architecture, 0, *(each & (2**64 - 1) for each in six))
    code = list(struct.iter_unpack("=HBBI", program))
    place, accumulator = 0, 0
    while True:
        operation, if_true, if_false, constant = code[place]
        place += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, constant)
        elif operation == 0x06:
            return constant
        else:
            holds = {
                0x15: accumulator == constant,
                0x35: accumulator >= constant,
                0x45: bool(accumulator & constant),
            }[operation]
            place += if_true if holds else if_false


def answer(machine: str, name: str | int, *arguments: int) -> int:
    column, architecture, _ = MACHINES[machine]
    number = name if isinstance(name, int) else ALLOWED[name][column]
    assert number is not None
    return run(Program(machine).code(PID), architecture, number, *arguments)


def refusal(number: int) -> int:
    return ERRNO | number


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("read", (0,), ALLOW),
        ("futex", (), ALLOW),
        ("openat", (0, 0, os.O_RDONLY | os.O_CLOEXEC), ALLOW),
        ("openat", (0, 0, os.O_RDONLY | os.O_DIRECTORY), ALLOW),
        ("openat", (0, 0, os.O_WRONLY), refusal(errno.EROFS)),
        ("openat", (0, 0, os.O_RDWR), refusal(errno.EROFS)),
        ("openat", (0, 0, os.O_CREAT), refusal(errno.EROFS)),
        ("openat", (0, 0, os.O_TRUNC), refusal(errno.EROFS)),
        ("openat", (0, 0, TMPFILE | os.O_RDWR), refusal(errno.EROFS)),
        ("clone", (THREAD,), ALLOW),
        ("clone", (17,), refusal(errno.EPERM)),
        ("clone", (THREAD & ~0x10000,), refusal(errno.EPERM)),
        *((("clone", (THREAD | 1 << bit,), refusal(errno.EPERM))) for bit in (17, 25, 26, 27, 28, 29, 30)),
        *((("fcntl", (0, command), ALLOW)) for command in (0, 1, 2, 3, 1030)),
        *((("fcntl", (0, command), refusal(errno.EPERM))) for command in (4, 6, 8, 1024, 1026, 1033)),
        *((("ioctl", (0, command), ALLOW)) for command in (0x5401, 0x5450, 0x5451)),
        ("ioctl", (0, 0x5412), refusal(errno.EPERM)),
        ("tgkill", (PID, PID, 6), ALLOW),
        ("tgkill", (PID + 1, PID, 6), refusal(errno.EPERM)),
        ("prlimit64", (0, 7, 0, 99), ALLOW),
        ("prlimit64", (0, 7, 99, 0), refusal(errno.EPERM)),
        ("prlimit64", (0, 7, 1 << 40, 0), refusal(errno.EPERM)),
        ("prlimit64", (1, 7, 0, 99), refusal(errno.EPERM)),
        *((name, (0,), ALLOW) for name in ("getpgid", "getsid", "clock_gettime", "clock_getres", "clock_nanosleep")),
        *((name, (PID + 1,), refusal(errno.EPERM)) for name in ("getpgid", "getsid")),
        *((name, (11,), ALLOW) for name in ("clock_gettime", "clock_getres", "clock_nanosleep")),
        *((name, (~PID << 3 | 2,), refusal(errno.EINVAL)) for name in ("clock_gettime", "clock_getres")),
        (CLONE3, (), refusal(errno.ENOSYS)),
        (999_999, (), refusal(errno.EPERM)),
    ],
)
def test_what_the_filter_says(machine: str, name: str | int, arguments: tuple[int, ...], expected: int) -> None:
    assert answer(machine, name, *arguments) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_that_is_not_named_is_refused(machine: str) -> None:
    column = MACHINES[machine][0]
    named = {numbers[column] for numbers in ALLOWED.values()} | {CLONE3}
    refused = [answer(machine, number) for number in range(600) if number not in named]
    assert set(refused) == {refusal(errno.EPERM)}


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_that_is_named_has_a_way_through(machine: str) -> None:
    column = MACHINES[machine][0]
    ways = {"clone": (THREAD,), "tgkill": (PID,), "ioctl": (0, 0x5401)}
    for name, numbers in ALLOWED.items():
        if numbers[column] is not None:
            assert answer(machine, name, *ways.get(name, ())) == ALLOW, name


def test_the_other_interfaces_of_x86_64_end_the_process() -> None:
    program = Program("x86_64").code(PID)
    assert run(program, 0x40000003, 0) == KILL  # int 0x80
    assert run(program, MACHINES["x86_64"][1], 0x40000000) == KILL  # x32
    assert run(program, MACHINES["aarch64"][1], 0) == KILL


def test_open_by_its_old_name_is_guarded_too() -> None:
    assert answer("x86_64", "open", 0, os.O_RDONLY) == ALLOW
    assert answer("x86_64", "open", 0, os.O_WRONLY) == refusal(errno.EROFS)


def test_only_the_process_number_differs() -> None:
    one, other = Program().code(0x01010101), Program().code(0x02020202)
    assert sum(left != right for left, right in zip(one, other, strict=True)) == 4


def test_a_machine_without_a_table_is_refused() -> None:
    with pytest.raises(OSError, match="no table of system calls for riscv64") as refused:
        Program("riscv64")
    assert refused.value.errno == errno.ENOSYS


@pytest.mark.skipif(not X86_64_HEADER.exists(), reason="needs the kernel's headers for x86-64")
def test_numbers_are_the_kernel_s_on_x86_64() -> None:
    assert wrong(X86_64_HEADER.read_text(), 0) == {}


@pytest.mark.skipif(not GENERIC_HEADER.exists(), reason="needs the kernel's generic headers")
def test_numbers_are_the_kernel_s_on_aarch64() -> None:
    assert wrong(GENERIC_HEADER.read_text(), 1) == {}


def wrong(header: str, column: int) -> dict[str, tuple[int | None, int | None]]:
    """Calls whose numbers are not those of a header, with both."""
    found = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)$", header, re.M)}
    found.setdefault("newfstatat", found.get("fstatat", -1))
    return {
        name: (numbers[column], found.get(name))
        for name, numbers in ALLOWED.items()
        if numbers[column] != found.get(name) and not (name in ("stat", "lstat") and column == 1)
    }
