"""What a machine must have for an attack to work at all: tried out in a process of its own, once."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import torchgrade.worker

_CALL = """
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
is_x86 = os.uname().machine == "x86_64"
"""
_PROBES: Mapping[str, str] = {
    "userns": "sys.exit(libc.unshare(0x10000000) != 0)",
    "kcmp": "sys.exit(libc.syscall(312 if is_x86 else 272, os.getpid(), os.getpid(), 0, 0, 0) != 0)",
    "io_uring": "import resource\nresource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))\n"
    "sys.exit(libc.syscall(425, 4, ctypes.create_string_buffer(120)) < 0)",
    "userfaultfd": "sys.exit(libc.syscall(323 if is_x86 else 282, os.O_CLOEXEC | 1) < 0)",
    "perf": "attributes = struct.pack('IIQQQQQ', 1, 128, 1, 0, 0, 0, 96).ljust(128, bytes(1))\n"
    "sys.exit(libc.syscall(298 if is_x86 else 241, attributes, 0, -1, -1, 0) < 0)",
    "keyring": "sys.exit(libc.syscall(250 if is_x86 else 219, 0, -4, 1) < 0)",
    "mqueue": "sys.exit(libc.mq_open(f'/{os.getpid()}'.encode(), os.O_CREAT | os.O_RDWR, 0o600, None) < 0\n"
    "    or libc.mq_unlink(f'/{os.getpid()}'.encode()) < 0)",
    "vsock": "import socket\nsocket.socket(socket.AF_VSOCK)",
    "x32": "sys.exit(not is_x86 or libc.syscall(0x40000000 + 39) != os.getpid())",
    "int80": "import mmap\nif not is_x86: sys.exit(1)\n"
    "page = mmap.mmap(-1, 4096, prot=7)\npage.write(bytes.fromhex('b814000000cd80c3'))\n"
    "call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))\n"
    "os._exit(call() != os.getpid())",
}


@cache
def has(need: str) -> bool:
    """Whether the machine and the user that we are have it."""
    match need:
        case "":
            return True
        case "root":
            return os.geteuid() == 0
        case "resources":
            return os.geteuid() == 0 and _has_capability(24)
        case "handles":
            return os.geteuid() == 0 and _has_capability(2)
        case "package":
            return os.access(Path(torchgrade.worker.__file__).parent, os.W_OK)
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", _CALL + _PROBES[need]], capture_output=True, check=False)
    return ran.returncode == 0


def _has_capability(number: int) -> bool:
    """Containers take some from their root."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return bool(int(next(line for line in lines if line.startswith("CapEff:")).split()[1], 16) >> number & 1)


def landlock_abi() -> int:
    """The kernel's version of Landlock; 0 if it has none."""
    return max(0, ctypes.CDLL(None).syscall(444, None, 0, 1))
