"""Deaths: of a zygote, once and twice, under several works; of the grader; and that nothing is left of any of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from torchgrade.errors import IsolationError
from torchgrade.model.exercise import Limits
from torchgrade.model.isolation import LEVELS
from torchgrade.model.observation import Snapshot
from torchgrade.sandbox.forking import ForkingSandbox

PATIENT = Limits(seconds=60)
SLOW = "import time\ndef f(x):\n    time.sleep(0.5)\n    return x"
SUICIDE = """
import os, signal, time
def f(x):
    if x[0] > 0:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return x
"""
AFTER_SUICIDE = {"process": ["fine", "our_fault", "our_fault"]}
"""At the other levels no process is within reach."""


class Counting(ForkingSandbox):
    """Remembers its zygotes."""

    def __init__(self, level: str) -> None:
        super().__init__(LEVELS[level])
        self.zygotes = []

    def _launch(self):
        self.zygotes.append(super()._launch())
        return self.zygotes[-1]

    def kill(self, place: int, *, when_at_work: int) -> None:
        """Kill a zygote, as soon as it has so many children that are at work."""
        wait_until(lambda: len(self.zygotes) > place)
        level = self.zygotes[place].level()
        own = OWN_PROCESSES[level]
        wait_until(lambda: len(descendants(self.zygotes[place]._process.pid)) == own + when_at_work)
        self.zygotes[place]._process.kill()


OWN_PROCESSES = {"process": 0, "sandbox": 0, "namespaces": 2}
"""How many processes belong to a zygote, besides the first one and its children."""


def descendants(pid: int) -> list[int]:
    """The processes below one that are not dead, as they are called here."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and is_running(int(entry.name)):
            parents[int(entry.name)] = parent(int(entry.name))
    found = [child for child, above in parents.items() if above == pid]
    return found + [below for child in found for below in descendants(child)]


def status(pid: int) -> list[str]:
    """The fields of proc_pid_stat(5) from the third on; zombies, which wait for whoever inherited them, have none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [] if fields[0] in "ZX" else fields


def is_running(pid: int) -> bool:
    return bool(status(pid))


def parent(pid: int) -> int:
    return int((status(pid) or [0, 0])[1])


def wait_until(condition, seconds: float = 60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_submission_that_kills_what_it_can(lab, level, fresh):
    assert lab.kinds(fresh.measure(lab.work(SUICIDE, 0, 1, 0))) == AFTER_SUICIDE.get(
        level, ["fine", "exception", "fine"]
    )
    assert lab.kinds(fresh.measure(lab.work(SUICIDE, 0, 0))) == ["fine", "fine"]


@pytest.mark.parametrize(("deaths", "outcome"), [(1, "fine"), (2, "our_fault")])
def test_a_zygote_that_is_killed_under_two_works_is_replaced_once_for_both(lab, level, deaths, outcome):
    asked = lab.work(SLOW, 1, 2, limits=PATIENT)
    with Counting(level) as fresh, ThreadPoolExecutor(2) as threads:
        works = [threads.submit(fresh.measure, asked) for _ in range(2)]
        for place in range(deaths):
            fresh.kill(place, when_at_work=2)
        assert [set(lab.kinds(each.result())) for each in works] == [{outcome}, {outcome}]
        assert len(fresh.zygotes) == 2
        assert lab.kinds(fresh.measure(lab.work("def f(x): return x", 1))) == ["fine"]
        assert len(fresh.zygotes) == 1 + deaths


def test_what_was_measured_before_a_death_is_not_measured_again(lab, level):
    """The second case is new to the second zygote, the first is not."""
    with Counting(level) as fresh, ThreadPoolExecutor(1) as threads:
        source = "import time\nprint('read')\ndef f(x):\n    time.sleep(2 * x.item())\n    print(x.item())"
        working = threads.submit(fresh.measure, lab.work(source, 0, 1, limits=PATIENT))
        fresh.kill(0, when_at_work=1)
        (measured,) = working.result()
    assert lab.kinds([measured]) == ["fine", "fine"]
    assert measured.printed == {"": "read\n", "case 0": "0.0\n", "case 1": "1.0\n"}


def test_threads_share_a_sandbox(lab, fresh):
    """Right and wrong works of four threads at a time, on different topics: each gets its own answers."""
    bodies = {
        "return x * 2": "fine",
        "import sympy; return x": "fine",
        "return torch.func.grad(lambda y: (y * y).sum())(x)": "fine",
        "raise ValueError": "exception",
        "import os; os._exit(1)": "exited",
        "print('x' * 10**7)": "output_limit",
    }
    sources = [f"import torch\ndef f(x): {body}" for body in bodies] * 4
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda source: fresh.measure(lab.work(source, 1)), sources))
    assert [lab.kinds(each) for each in found] == [[kind] for kind in bodies.values()] * 4


def test_a_sandbox_that_is_closed_ends_what_is_under_way(lab, level):
    with ThreadPoolExecutor(1) as threads:
        with Counting(level) as fresh:
            working = threads.submit(fresh.measure, lab.work("while True: pass", 1))
            wait_until(lambda: len(descendants(fresh.zygotes[0]._process.pid)) == OWN_PROCESSES[level] + 1)
        with pytest.raises(IsolationError):
            working.result()
        assert len(fresh.zygotes) == 1


def test_a_sandbox_leaves_no_process_and_no_descriptor(lab, level):
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with Counting(level) as fresh:
        sources = ["def f(x): return x", "import os\ndef f(x): os._exit(1)", "def f(x)", SUICIDE] * 2
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda source: fresh.measure(lab.work(source, 0, 0)), sources))
        zygote = fresh.zygotes[0]._process.pid
        wait_until(lambda: len(descendants(zygote)) == OWN_PROCESSES[level])  # the last child is reaped meanwhile
        during = descendants(zygote)
    assert fresh.zygotes[0]._process.returncode == -signal.SIGKILL
    wait_until(lambda: not any(map(is_running, during)))
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_child_that_cannot_be_confined_runs_nothing(lab, sandbox):
    impossible = Limits(megabytes=10**15)
    (incident,) = sandbox.measure(lab.work("def f(x): return x", 1, limits=impossible))[0].observations.values()
    assert incident.kind.value == "our_fault"
    assert incident.message.startswith("A process could not be confined, and ran nothing: ")


def test_what_a_child_forked_dies_with_it(lab):
    source = "import os, time\ndef f(x):\n    pid = os.fork()\n    if pid == 0: time.sleep(60)\n    return pid\n"
    (answer,) = lab.sandbox.measure(lab.work(source, 1))[0].observations.values()
    if isinstance(answer, Snapshot):  # at the levels where it may fork at all
        wait_until(lambda: not is_running(answer.returned.value))


GRADER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Limits
from torchgrade.model.isolation import LEVELS
from torchgrade.model.probe import Plan, Probe, ProbeOp, Source, Work
from torchgrade.sandbox.forking import ForkingSandbox
case = Case(name="a", group="a", origin=Origin.GIVEN, visible=True, dtype="float32", dims={}, inputs={}, expected={})
probe = Probe(op=ProbeOp.VALUE, case="a")
plan = Plan(entrypoint="f", parameters=(), returns=(), call=None,
            limits=Limits(seconds=60), cases=(case,), probes=(probe,))
with ForkingSandbox(LEVELS[sys.argv[1]]) as sandbox, ThreadPoolExecutor(2) as threads:
    works = [Work(source=Source(text=text, filename="s.py"), plans=(plan,)) for text in sys.argv[2:]]
    list(threads.map(sandbox.measure, works))
"""
DEAF = """
import signal, time
for each in range(1, 65):
    try: signal.signal(each, signal.SIG_IGN)
    except Exception: pass
while True: time.sleep(60)
"""


def test_nothing_outlives_a_killed_grader(level):
    works = ["while True: pass", DEAF]
    grader = subprocess.Popen([sys.executable, "-c", GRADER, level, *works])
    wait_until(lambda: len(descendants(grader.pid)) == 1 + OWN_PROCESSES[level] + 2)
    left = descendants(grader.pid)
    grader.kill()
    grader.wait()
    wait_until(lambda: not any(map(is_running, left)), seconds=2.0)
