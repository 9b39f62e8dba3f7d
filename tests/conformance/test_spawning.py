"""The level `process` without a fork: a Python for each child.

Linux is where this runs; the last test takes away what Windows lacks, in the grader and in its children. Neither
Windows nor macOS has been tried.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.conftest import Lab
from torchgrade.errors import IsolationError
from torchgrade.model.exercise import Limits
from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.sandbox import fresh
from torchgrade.sandbox.listener import Listener
from torchgrade.sandbox.spawning import SpawningSandbox
from torchgrade.wire import introduction
from torchgrade.wire.introduction import DATA, HOST, OUTPUT

K = IncidentKind
HERE = Limits(seconds=1, megabytes=256)
TESTS = str(Path(__file__).parents[1])


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with SpawningSandbox() as sandbox:
        yield Lab(sandbox)


def numbers(lab: Lab, answer) -> list[float] | IncidentKind:
    return answer.kind if isinstance(answer, Incident) else lab.numbers(answer.returned)


def test_values_and_derivatives_hidden_cases_last(lab):
    source = "count = 0\ndef f(x):\n    global count\n    count += 1\n    print('call', count)\n    return x**3\n"
    cases = [lab.case(name, {"x": lab.tensor([2])}, visible=name != "hidden") for name in ("hidden", "a", "b")]
    probes = [Probe(op=ProbeOp.VALUE, case=case.name) for case in cases]
    slope = Probe(op=ProbeOp.GRADIENT, case="b", of="result", wrt=("x",), cotangent=(5,))
    (measured,) = lab.run(source, lab.plan(cases, [*probes, slope]))
    assert [numbers(lab, measured.observations[probe]) for probe in probes] == [[8], [8], [8]]
    assert lab.numbers(measured.observations[slope].product["x"]) == [5 * 3 * 2**2]
    assert measured.printed == {"a": "call 1\n", "b": "call 2\ncall 3\n", "hidden": "call 4\n"}
    assert measured.peak_bytes > 100 * 2**20


@dataclass(frozen=True)
class Row:
    """A body that runs in the second of two cases, and what is to come of it."""

    name: str
    body: str
    kind: IncidentKind


ROWS = [
    Row("exit", "os._exit(3)", K.EXITED),
    Row("crash", "ctypes.string_at(0)", K.CRASHED),
    Row("memory", "return torch.zeros(10**10)", K.MEMORY_LIMIT),
    Row("raw output", "while True: os.write(1, b'x' * 10**6)", K.OUTPUT_LIMIT),
    Row("closed", "os.closerange(3, 100); time.sleep(60)", K.BAD_REPLY),
    Row("stranger's words", "[os.write(n, b'x' * 100) for n in range(3, 9) if is_socket(n)]", K.BAD_REPLY),
]
PREFACE = """\
import ctypes, os, stat, time, torch
def is_socket(number):
    try: return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError: return False
def f(x):
    if x[0] == 2:
"""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_one_bad_case(lab, row):
    cases = [lab.case(name, {"x": lab.tensor([first])}) for name, first in (("a", 1), ("b", 2))]
    (measured,) = lab.run(
        PREFACE + textwrap.indent(row.body, " " * 8) + "\n    return x + 1\n", lab.plan(cases, limits=HERE)
    )
    assert [numbers(lab, answer) for answer in measured.observations.values()] == [[2], row.kind]


def test_a_loop_ends_and_the_next_case_has_another_process(lab):
    source = "import os\ndef f(x):\n    while x[0] == 2: pass\n    return os.getpid()\n"
    cases = [lab.case(name, {"x": lab.tensor([first])}) for name, first in (("a", 1), ("b", 2), ("c", 3))]
    (measured,) = lab.run(source, lab.plan(cases, limits=HERE))
    before, bad, after = measured.observations.values()
    assert bad.kind is K.TIME_LIMIT
    assert before.returned.value != after.returned.value


AROUND = """
import os, subprocess, sys
def f():
    names = [name for name in sys.modules if name.startswith("torchgrade") and ".model." not in name]
    rooms = sorted({name.split(".")[1] for name in names if "." in name} - {"model"})
    other = subprocess.Popen(["sleep", "600"])
    return [os.getpid(), other.pid], sorted(os.environ), sys.stdin.read(), sys.orig_argv[1:], rooms
"""


def test_a_process_of_its_own_that_knows_nothing_and_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCHGRADE_CANARY", "canary")
    monkeypatch.chdir(tmp_path)
    for name in ("torch", "torchgrade", "json", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')")
    descriptors = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with SpawningSandbox() as sandbox:
        lab = Lab(sandbox)
        first, second = (lab.returned(AROUND).items for _ in range(2))
    pids = [pid.value for answer in (first, second) for pid in answer[0].items]
    assert len(set(pids)) == 4
    wait_until(lambda: not any(is_running(pid) for pid in pids))
    assert len(os.listdir("/proc/self/fd")) == descriptors  # noqa: PTH208
    _, environment, stdin, arguments, rooms = first
    assert {name.value for name in environment.items} <= {*fresh.ENVIRONMENT, "TMPDIR", *LATER}
    assert stdin.value == ""
    assert [each.value for each in arguments.items] == [
        *["-I", "-P", "-B", "-X", "utf8", "-m", "torchgrade.worker.spawned"]
    ]
    assert [each.value for each in rooms.items] == ["errors", "wire", "worker"]


LATER = ("LC_CTYPE", "TORCHINDUCTOR_CACHE_DIR", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK")
"""What Python and torch set themselves."""


def test_a_python_that_cannot_start_is_said_to_the_caller():
    worker = ("-c", "import sys; sys.exit('no torch here')")
    with SpawningSandbox(worker) as sandbox, pytest.raises(IsolationError) as refusal:
        Lab(sandbox).returned("def f(): return 1")
    assert refusal.value.message == "the worker process ended with status 1: no torch here"
    assert refusal.value.hint == "check that this Python can import torch: python -c 'import torch'"


LOOP = """def f():
    open({!r}, "w")
    while True: pass
"""


def test_closing_ends_what_another_thread_waits_for(tmp_path):
    note, said = tmp_path / "note", []

    def measure():
        with pytest.raises(IsolationError) as refusal:
            Lab(sandbox).returned(LOOP.format(str(note)), limits=Limits(seconds=60))
        said.append(refusal.value.message)

    with SpawningSandbox() as sandbox:
        thread = threading.Thread(target=measure)
        thread.start()
        wait_until(note.exists)
    thread.join(30)
    assert said == ["the sandbox is closed"]


GRADER = """
import sys
from conformance.conftest import Lab
from torchgrade.model.exercise import Limits
from torchgrade.sandbox.spawning import SpawningSandbox
with SpawningSandbox() as sandbox:
    Lab(sandbox).returned(sys.argv[1], limits=Limits(seconds=60))
"""


def test_nothing_outlives_a_killed_grader(tmp_path):
    note = tmp_path / "note"
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER, LOOP.format(str(note))], env={**os.environ, "PYTHONPATH": TESTS}
    )
    wait_until(note.exists)
    pids = [int(pid) for pid in Path(f"/proc/{grader.pid}/task/{grader.pid}/children").read_text().split()]
    assert pids
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    wait_until(lambda: not any(map(is_running, pids)))


def wait_until(condition, seconds: float = 30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Zombies, which wait for whoever inherited them, do not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("said", ["", "x", "guess", "x" * introduction.LENGTH, "role", "twice"])
def test_a_stranger_who_connects_is_not_heard(said):
    """Between the child's two connections: silent, short, with a wrong token, a wrong role, or a role again."""
    listener = Listener()
    port = listener.port
    words = {"guess": introduction.said(introduction.token(), DATA), "role": introduction.said(listener.token, "x")}
    words["twice"] = introduction.said(listener.token, DATA)
    connections = [socket.create_connection((HOST, port)) for _ in range(3)]
    data, stranger, output = connections
    data.sendall(introduction.said(listener.token, DATA) + b"answer")
    stranger.sendall(words.get(said, said.encode()))
    output.sendall(introduction.said(listener.token, OUTPUT))
    met = listener.meet(lambda: True, 30)
    listener.close()
    assert [each.getpeername() for each in met] == [data.getsockname(), output.getsockname()]
    assert met[0].recv(100) == b"answer"
    stranger.settimeout(30)
    assert refused(stranger)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port))
    for each in (*connections, *met):
        each.close()


def refused(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(("lives", "seconds"), [(False, 30), (True, 0.1)])
def test_a_child_that_does_not_come_is_not_awaited_for_ever(lives, seconds):
    listener = Listener()
    with socket.create_connection((HOST, listener.port)) as data:
        data.sendall(introduction.said(listener.token, DATA))
        with pytest.raises(ConnectionError):
            listener.meet(lambda: lives, seconds)
    listener.close()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0, 0),
        (3, 3 << 8),
        (-signal.SIGSEGV, signal.SIGSEGV),
        (0xC0000005, signal.SIGSEGV),
        (0xC00000FD, signal.SIGSEGV),
        (0xC0000409, signal.SIGABRT),
        (0xC0000094, signal.SIGFPE),
    ],
)
def test_exit_codes_of_every_system_become_wait_statuses(code, status):
    assert fresh._wait_status(code) == status


BARE = """
import os, select, signal, sys
for name in ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty"):
    sys.modules[name] = None
GONE = {
    os: "fork forkpty pidfd_open wait3 wait4 waitid killpg setsid setpgid getpgid getuid geteuid getgid sysconf pread",
    select: "poll epoll",
    signal: "SIGKILL SIGXCPU SIGSTOP pidfd_send_signal",
}
for module, names in GONE.items():
    for name in names.split():
        delattr(module, name)
import socket
for name in ("AF_UNIX", "SOCK_SEQPACKET", "send_fds", "recv_fds", "SCM_RIGHTS", "socketpair"):
    delattr(socket, name)
"""
BARE_CHILD = BARE + "from torchgrade.worker import spawned\nspawned._SOCKETS_ARE_DESCRIPTORS = False\nspawned.main()\n"
BARE_GRADER = f"""{BARE}
import json, subprocess
subprocess.Popen.kill = lambda self: self.poll() is None and os.kill(self.pid, 9)
from pathlib import Path
import torchgrade.cli.check, torchgrade.cli.doctor, torchgrade.cli.grade, torchgrade.cli.prove, torchgrade.__main__
from conformance.conftest import Lab
from torchgrade.errors import IsolationError
from torchgrade.model.exercise import Limits
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.sandbox import ISOLATIONS, strongest
from torchgrade.sandbox.spawning import SpawningSandbox
from torchgrade.executors.pool import PoolExecutor
from torchgrade.model.task import Task
from torchgrade.session import Session
from torchgrade.spec.load import load

said = {{"strongest": type(strongest()).__name__, "process": type(ISOLATIONS["process"]()).__name__}}
for level in ("sandbox", "namespaces"):
    try:
        ISOLATIONS[level]()
    except IsolationError as refusal:
        said[level] = [refusal.message, refusal.hint]
exercise = Path(sys.argv[1])
sources = {{name: Source(text=f"def f(x): return x.{{name}}()", filename="f.py") for name in ("sum", "mean")}}
submissions = [Submission(submitter=name, path="", source=source, digest="") for name, source in sources.items()]
source = '''
import os
def f(x):
    print("printed", x[0].item())
    os.write(2, b"lost")
    while x[0] == 2: pass
    if x[0] == 3: os.abort()
    return x + 1
'''
with SpawningSandbox(("-c", {BARE_CHILD!r})) as sandbox:
    said["level"] = sandbox.level
    exercise = load(exercise, exercise.parent)
    tasks = [Task(submission=each, exercises=(exercise.id,)) for each in submissions]
    done = PoolExecutor(Session(sandbox).grader([exercise]), 2).map(tasks)
    said["attempts"] = {{each.submitter: str(each.verdict) for task in done for each in task.attempts}}
    lab = Lab(sandbox)
    plan = lab.plan([lab.case(str(n), {{"x": lab.tensor([n])}}) for n in (1, 2, 3)], limits=Limits(seconds=1))
    (measured,) = lab.run(source, plan)
said["kinds"] = [str(getattr(answer, "kind", "fine")) for answer in measured.observations.values()]
said["printed"] = measured.printed
print(json.dumps(said))
"""
EXERCISE = """
schema: 1
title: Sum
task: Return the sum of $x$.
entrypoint: f
parameters: {x: [n]}
reference: {formula: sum(x), function: "def f(x): return x.sum()"}
checks: [value]
"""
REFUSED = "not to be had here, because its layers are Linux's (5.13 or later) and this is Linux"


def test_a_grader_and_children_without_what_windows_lacks(tmp_path):
    exercise = tmp_path / "sum.yaml"
    exercise.write_text(EXERCISE)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BARE_GRADER, str(exercise)],
        env={**os.environ, "PYTHONPATH": TESTS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    hint = "use WSL2 or a Linux container; or, only if you trust every submission: --isolation process (not a sandbox)"
    assert json.loads(done.stdout) == {
        "strongest": "SpawningSandbox",
        "process": "SpawningSandbox",
        "sandbox": [f"sandbox: {REFUSED}", hint],
        "namespaces": [f"namespaces: {REFUSED}", hint],
        "level": "process",
        "attempts": {"sum": "accepted", "mean": "wrong_answer"},
        "kinds": ["fine", "time_limit", "crashed"],
        "printed": {"1": "printed 1.0\n", "2": "printed 2.0\n", "3": "printed 3.0\n"},
    }
