"""The stage: a course with a secret answer, canaries wherever an attack may look, somebody to hurt, somebody to call.

All files are readable and writable for everybody: what an attack cannot reach, it cannot reach because of a layer.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

FACTOR = "271828.1828"
"""The secret of the exercise `secret`: its right answer is `x` times this."""
_SECRET = f"""\
schema: 1
title: Nobody can guess this
task: Return what only the teacher knows.
entrypoint: secret
parameters: {{x: [2], stage: {{type: str}}}}
reference: x * {FACTOR}
limits: {{seconds: 10, megabytes: 256}}
cases:
  - {{name: visible, inputs: {{x: [0, 0], stage: STAGE}}, expected: [0, 0]}}
  - {{name: hidden, inputs: {{x: [3, 7], stage: STAGE}}, visible: false}}
"""
_DOUBLE = """\
schema: 1
title: Twice
task: Return $2x$.
entrypoint: double
parameters: {x: [2], stage: {type: str}}
reference: 2 * x
limits: {seconds: 10, megabytes: 256}
cases:
  - {name: visible, inputs: {x: [1, 2], stage: STAGE}, expected: [2, 4]}
  - {name: hidden, inputs: {x: [3, 7], stage: STAGE}, visible: false}
"""
_PATIENCE = """\
schema: 1
title: Twice, and quickly
task: Return $2x$.
entrypoint: patience
parameters: {x: [2], stage: {type: str}}
reference: 2 * x
limits: {seconds: 0.2}
random: true
cases:
  - {name: visible, inputs: {x: [1, 2], stage: STAGE}, expected: [2, 4]}
"""
_NEIGHBOUR = f"def secret(x, stage):\n    return x * {FACTOR}\n"
# It holds a secret in its memory and its environment, says where, and waits for its end.
_VICTIM = """
import ctypes, sys
secret = ctypes.create_string_buffer(sys.stdin.readline().strip().encode())
print(ctypes.addressof(secret), flush=True)
sys.stdin.read()
"""
_IPC_CREAT, _IPC_RMID = 0o1000, 0
_ANOTHER_USER = 12345
_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.shmat.restype = ctypes.c_void_p


class Stage:
    """A context manager; `facts` is what an attack is told."""

    def __init__(self) -> None:
        self.mark = f"hostile-{secrets.token_hex(4)}"
        self._token = secrets.token_hex(4)
        self.key = secrets.randbelow(2**30) + 2**20
        self.worked = f"worked-{secrets.token_hex(4)}"
        self.course = Path(tempfile.mkdtemp(prefix="course-"))
        self.exercises = self.course / "exercises"
        self._build()
        self._memory = ctypes.create_string_buffer(self.secret("memory").encode())
        self._open = os.open(self.course / "open.txt", os.O_RDONLY)
        os.environ["TORCHGRADE_CANARY"] = self.secret("environment")
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.udp = socket.socket(type=socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.path = _listening(str(self.course / "socket"))
        (self.course / "socket").chmod(0o777)
        self.abstract = _listening(f"\0{self.mark}")
        for each in (self.tcp, self.udp, self.path, self.abstract):
            each.setblocking(False)
        self._segment = _segment(self.key, self.secret("segment"))
        self.raise_victim()

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *exception: object) -> None:
        del os.environ["TORCHGRADE_CANARY"]
        os.close(self._open)
        for each in (self.tcp, self.udp, self.path, self.abstract):
            each.close()
        _LIBC.shmctl(self._segment, _IPC_RMID, None)
        self._bury_victim()
        shutil.rmtree(self.course)

    def secret(self, place: str) -> str:
        """The canary that lies in one place."""
        return f"canary-{self._token}-{place}"

    def is_told_in(self, text: str) -> bool:
        """Whether a text holds a secret."""
        return f"canary-{self._token}" in text or FACTOR.replace(".", "") in text.replace(".", "")

    def facts(self, sibling: int = 0) -> str:
        """What an attack is told: where everything is. `sibling` is the process of another submission."""
        exercise = self.exercises / "secret.yaml"
        facts: dict[str, object] = {
            "course": str(self.course),
            "exercise": str(exercise),
            "size": exercise.stat().st_size,
            "submissions": str(self.course / "submissions"),
            "canary": str(self.course / "canary.txt"),
            "private": str(self.course / "private.txt"),
            "temporary": tempfile.gettempdir(),
            "mark": self.mark,
            "worked": self.worked,
            "key": self.key,
            "tcp": self.tcp.getsockname()[1],
            "udp": self.udp.getsockname()[1],
            "socket": str(self.course / "socket"),
            "grader": os.getpid(),
            "address": ctypes.addressof(self._memory),
            "length": len(self._memory),
            "descriptor": self._open,
            "victim": self.victim.pid,
            "address in victim": self.address_in_victim,
            "sibling": sibling,
        }
        return json.dumps(facts)

    def raise_victim(self) -> None:
        """Another process of the same user."""
        environment = {"CANARY": self.secret("victim")}
        self.victim = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _VICTIM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        assert self.victim.stdin is not None
        assert self.victim.stdout is not None
        self.victim.stdin.write(f"{self.secret('victim')}\n".encode())
        self.victim.stdin.flush()
        self.address_in_victim = int(self.victim.stdout.readline())

    def replace_victim(self) -> None:
        """Another one, as good as new."""
        self._bury_victim()
        self.raise_victim()

    def restore(self) -> None:
        """The course as it was at first, after an attack on it."""
        for entry in self.course.iterdir():
            if entry.name not in ("socket", "open.txt"):  # the two that are in use
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        self._build()

    def _bury_victim(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.victim.pid, signal.SIGKILL)
        self.victim.communicate()

    def _build(self) -> None:
        self.course.chmod(0o777)
        for folder in (self.exercises, self.course / "submissions"):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o777)
        for name, text in (
            ("exercises/secret.yaml", _SECRET),
            ("exercises/double.yaml", _DOUBLE),
            ("exercises/patience.yaml", _PATIENCE),
            ("submissions/neighbour.py", _NEIGHBOUR),
            ("canary.txt", self.secret("file") + "\n" + "-" * 100),
            ("open.txt", self.secret("descriptor")),
            ("private.txt", self.secret("private")),
        ):
            path = self.course / name
            if not path.exists():
                path.write_text(text, encoding="utf-8")
                path.chmod(0o666)
        if os.geteuid() == 0:
            os.chown(self.course / "private.txt", _ANOTHER_USER, _ANOTHER_USER)
            (self.course / "private.txt").chmod(0o600)


def _listening(address: str) -> socket.socket:
    door = socket.socket(socket.AF_UNIX)
    door.bind(address)
    door.listen()
    return door


def _segment(key: int, text: str) -> int:
    """A segment of System V shared memory that anybody may read."""
    segment = _LIBC.shmget(key, 4096, _IPC_CREAT | 0o666)
    assert segment >= 0
    address = _LIBC.shmat(segment, None, 0)
    ctypes.memmove(address, text.encode() + b"\0", len(text) + 1)
    _LIBC.shmdt(ctypes.c_void_p(address))
    return int(segment)
