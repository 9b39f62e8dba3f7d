"""The life of a zygote: what it is told, what it loads, that it is replaced, and that nothing outlives the grader."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from torchgrade.errors import IsolationError
from torchgrade.model.observation import IncidentKind, Snapshot
from torchgrade.model.probe import Source, Work
from torchgrade.sandbox import child
from torchgrade.sandbox.process import ProcessSandbox

CANARY = "CANARY"
SUICIDE = """
import os, signal, time
def f(x):
    if x[0] > 0:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return x
"""


def work(lab, source: str, *numbers: float) -> Work:
    plan = lab.plan([lab.case(f"case {place}", {"x": lab.tensor([number])}) for place, number in enumerate(numbers)])
    return Work(source=Source(text=source, filename="solution.py"), plans=(plan,))


def answers(measured):
    return [getattr(answer, "kind", "fine") for answer in measured[0].observations.values()]


def test_no_byte_of_the_truth_goes_to_any_process(lab, sandbox, monkeypatch):
    """Every byte that is written to a socket, with a canary in every field that a worker may not know."""
    written = bytearray()
    real_exchange, real_send = child.exchange, socket.send_fds

    def exchange(channels, request, seconds):
        written.extend(request)
        return real_exchange(channels, request, seconds)

    def send_fds(line, parts, descriptors):
        written.extend(b"".join(parts))
        return real_send(line, parts, descriptors)

    monkeypatch.setattr(child, "exchange", exchange)
    monkeypatch.setattr(socket, "send_fds", send_fds)
    asked = work(lab, "def f(x): return x", 1, 2)
    (plan,) = asked.plans
    cases = tuple(
        replace(
            case,
            name=f"{CANARY} {case.name}",
            group=CANARY,
            dtype=CANARY,
            dims={CANARY: 1},
            expected={"result": CANARY, "x.grad": (CANARY,)},
            raises=CANARY,
        )
        for case in plan.cases
    )
    probes = tuple(replace(probe, case=f"{CANARY} {probe.case}") for probe in plan.probes)
    plan = replace(plan, cases=cases, probes=probes)
    measured = sandbox.measure(replace(asked, plans=(plan,)))
    assert answers(measured) == ["fine", "fine"]
    assert b"def f(x)" in written
    assert b"spawn" in written
    assert CANARY.encode() not in written


def test_a_child_finds_no_answer_in_its_memory(lab, sandbox):
    """The zygote is started by exec: nothing of the parent's environment, arguments or modules is in a child."""
    source = """def f(x):
    import os, sys
    names = sorted(name for name in sys.modules if name.startswith("torchgrade") and ".model." not in name)
    return names, "TORCHGRADE_CANARY" in os.environ, sys.orig_argv[1:]
"""
    os.environ["TORCHGRADE_CANARY"] = CANARY
    try:
        with ProcessSandbox() as fresh:
            measured = fresh.measure(work(lab, source, 1))
    finally:
        del os.environ["TORCHGRADE_CANARY"]
    (snapshot,) = measured[0].observations.values()
    modules, environment, arguments = snapshot.returned.items
    rooms = {name.value.split(".")[1] for name in modules.items if "." in name.value}
    assert rooms == {"worker", "wire", "model", "errors"}
    assert environment.value is False
    assert [argument.value for argument in arguments.items[:-1]] == [
        "-I",
        "-P",
        "-B",
        "-X",
        "utf8",
        "-m",
        "torchgrade.worker",
    ]


def test_a_zygote_that_dies_is_replaced_once(lab):
    with ProcessSandbox() as fresh:
        assert answers(fresh.measure(work(lab, SUICIDE, 0, 1, 0))) == [
            "fine",
            IncidentKind.OUR_FAULT,
            IncidentKind.OUR_FAULT,
        ]
        assert answers(fresh.measure(work(lab, SUICIDE, 0, 0))) == ["fine", "fine"]


def test_lean_zygotes_load_what_a_work_mentions_and_children_need_not(lab):
    look = "import sys\ndef f(x): return [name in sys.modules for name in ('sym' + 'py', 'torch._dynamo')]\n# "
    with ProcessSandbox() as fresh:
        for mention, loaded in (("", [False, False]), ("sympy", [True, False]), ("torch.func", [True, True])):
            (snapshot,) = fresh.measure(work(lab, look + mention, 1))[0].observations.values()
            assert [item.value for item in snapshot.returned.items] == loaded


def test_a_zygote_that_cannot_start_is_said_to_the_caller(lab, tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no torch here >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with ProcessSandbox() as fresh, pytest.raises(IsolationError) as refusal:
        fresh.measure(work(lab, "", 1))
    assert refusal.value.message == "the worker process ended with status 3: no torch here"
    assert refusal.value.hint == "check that this Python can import torch: python -c 'import torch'"


def test_files_in_the_current_folder_shadow_nothing(lab, tmp_path, monkeypatch):
    for name in ("torch", "torchgrade", "json", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ProcessSandbox() as fresh:
        assert answers(fresh.measure(work(lab, "import json\ndef f(x): return x", 1))) == ["fine"]


GRADER = """
import struct, sys
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Limits
from torchgrade.model.probe import Plan, Probe, ProbeOp, Source, Work
from torchgrade.sandbox.process import ProcessSandbox
case = Case(name="a", group="a", origin=Origin.GIVEN, visible=True, dtype="float32", dims={}, inputs={}, expected={})
probe = Probe(op=ProbeOp.VALUE, case="a")
plan = Plan(entrypoint="f", parameters=(), returns=(), call=None,
            limits=Limits(seconds=60), cases=(case,), probes=(probe,))
with ProcessSandbox() as sandbox:
    sandbox.measure(Work(source=Source(text=sys.argv[1], filename="s.py"), plans=(plan,)))
"""


def test_nothing_outlives_a_killed_grader(tmp_path):
    notes = tmp_path / "pids"
    source = f"""import os
def f():
    open({str(notes)!r}, "w").write(f"{{os.getpid()}} {{os.getppid()}} ")
    while True: pass
"""
    grader = subprocess.Popen([sys.executable, "-c", GRADER, source])
    wait_until(lambda: notes.exists() and notes.read_text().endswith(" "))
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    wait_until(lambda: not any(is_running(pid) for pid in notes.read_text().split()))


def wait_until(condition, seconds: float = 30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_running(pid: str) -> bool:
    """Zombies, which wait for whoever inherited them, do not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_sandbox_leaves_no_process_and_no_descriptor(lab):
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with ProcessSandbox() as fresh:
        bad = "import os\ndef f(x): os._exit(1)"
        for source in ("def f(x): return x", bad, "def f(x)", SUICIDE):
            fresh.measure(work(lab, source, 0, 0))
        during = fresh._zygote._process
    assert during.returncode == -signal.SIGKILL
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_what_a_child_forked_dies_with_it(lab):
    source = "import os, time\ndef f(x):\n    pid = os.fork()\n    if pid == 0: time.sleep(60)\n    return pid\n"
    (answer,) = lab.sandbox.measure(work(lab, source, 1))[0].observations.values()
    if isinstance(answer, Snapshot):  # at the levels where it may fork at all
        wait_until(lambda: not is_running(str(answer.returned.value)))
