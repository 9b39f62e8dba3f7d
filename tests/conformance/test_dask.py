"""Grading on a real Dask cluster: a scheduler and two workers on this machine, some of which are killed."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import count
from pathlib import Path

import dask
import pytest

from conformance import errands
from conformance.dask_cluster import DaskCluster, dask_cluster
from torchgrade.errors import TorchgradeError, UsageError
from torchgrade.executors import cluster as cluster_module
from torchgrade.executors import dask as dask_module
from torchgrade.executors.chunks import ALONE, TOGETHER
from torchgrade.executors.cluster import AGAIN
from torchgrade.executors.dask import DaskExecutor
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.probe import Source
from torchgrade.model.recipe import Recipe
from torchgrade.model.submission import Submission
from torchgrade.model.task import Done, Task
from torchgrade.model.verdict import Verdict
from torchgrade.sandbox import ISOLATIONS
from torchgrade.session import Session, header
from torchgrade.session import recipe as recipes
from torchgrade.session.remote import dask_executor, grade_chunk
from torchgrade.spec.language import spoken
from torchgrade.spec.load import load
from torchgrade.wire import chunks as wire_chunks
from torchgrade.wire import recipes as wire_recipes
from torchgrade.writers.json import Json

LEVEL = "sandbox"
SEED = "a seed"
EXERCISES = {
    "double": """
schema: 1
title: {en: Double, zh: 翻倍}
task: Return 2x.
entrypoint: double
parameters: {x: [n]}
reference: {formula: 2*x, function: "def double(x): return x + x"}
cases: [{name: by hand, inputs: {x: [1, 2]}, expected: [2, 4]}, {draw: 3}]
checks: [value, gradient]
mistakes: [{id: squared, formula: x**2, says: {en: You squared it., zh: 你平方了。}}]
""",
    "halve": """
schema: 1
title: Halve
task: Return x/2.
entrypoint: halve
parameters: {x: [n]}
reference: x/2
cases: [{name: by hand, inputs: {x: [1, 2]}, expected: [0.5, 1]}, {draw: 3}]
""",
}
ANSWERS = (
    "def double(x): return 2 * x\ndef halve(x): return x / 2\n",
    "def double(x): return x ** 2\ndef halve(x): return x * 0.5\n",
    "def double(x): raise ValueError('no')\ndef halve(x): return x.detach() / 2\n",
    "def double(x):\n    import os\n    os._exit(3)\ndef halve(x): return x + \n",
    "print('hello')\ndef double(x): return (2 * x).tolist()\n",
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with dask_cluster(tmp_path_factory.mktemp("cluster"), 2) as running:
        yield running


@pytest.fixture(scope="module")
def exercises(tmp_path_factory: pytest.TempPathFactory) -> tuple[Exercise, ...]:
    folder = tmp_path_factory.mktemp("exercises")
    for name, text in EXERCISES.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tuple(spoken(load(folder / f"{name}.yaml", folder), "zh") for name in EXERCISES)


@pytest.fixture(scope="module")
def recipe(exercises: tuple[Exercise, ...]) -> Recipe:
    return recipes.recipe(exercises, header(LEVEL, SEED), "zh")


@pytest.fixture(scope="module")
def here(exercises: tuple[Exercise, ...]) -> bytes:
    """The report of the class as this process makes it."""
    with ISOLATIONS[LEVEL]() as sandbox:
        grade = Session(sandbox, SEED).grader(exercises)
        return report(map(grade, handed_in()))


def handed_in() -> Iterator[Task]:
    """A small class; all of them do differ."""
    for number in range(16):
        text = f"{ANSWERS[number % len(ANSWERS)]}# {number}\n"
        yield task(f"student {number}", text, tuple(EXERCISES))


def task(name: str, text: str = "", exercises: tuple[str, ...] = ("double",)) -> Task:
    digest = sha256(text.encode()).hexdigest()
    source = Source(text=text, filename="solution.py")
    return Task(
        submission=Submission(submitter=name, path=f"{name}.py", source=source, digest=digest), exercises=exercises
    )


def attempts(done: Iterator[Done]) -> list[Attempt]:
    return [
        attempt for each in sorted(done, key=lambda each: each.task.submission.submitter) for attempt in each.attempts
    ]


def report(done: Iterator[Done]) -> bytes:
    return b"".join(Json().render(header(LEVEL, SEED), attempts(done)))


def children(process: int) -> list[str]:
    """The processes that its threads started."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return [child for thread in threads for child in (thread / "children").read_text().split()]


def never(task: Task, error: Exception) -> Done:
    raise AssertionError(task) from error


def errand(cluster: DaskCluster, folder: Path, give_up: Callable[[Task, Exception], Done] = never) -> DaskExecutor:
    """An executor whose workers only note what they are given."""
    told = header(LEVEL, str(folder))
    recipe = Recipe(exercises=(), seed=told.seed, language="", isolation=LEVEL, versions=told.versions)
    return DaskExecutor(cluster.address, recipe, errands.work, give_up)


def test_the_report_is_the_local_one_byte_for_byte(cluster, recipe, here):
    assert b'"runtime_error"' in here
    assert "你平方了。".encode() in here
    assert report(dask_executor(cluster.address, recipe).map(handed_in())) == here


def test_a_worker_that_is_killed_changes_nothing_and_leaves_nothing(cluster, recipe, here):
    results = dask_executor(cluster.address, recipe).map(handed_in())
    found = [next(results)]
    victim = cluster.workers.pop(0)
    zygotes = children(victim.pid)
    assert zygotes
    victim.kill()
    victim.wait()
    cluster.add_worker("--no-nanny")
    found += results
    assert report(iter(found)) == here
    assert not [zygote for zygote in zygotes if is_alive(zygote)]


def is_alive(process: str) -> bool:
    """Whether it does not end; a minute is more than it needs."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except (FileNotFoundError, ProcessLookupError):
            return False
        time.sleep(0.05)
    return True


def test_no_task_is_lost_or_counted_twice_when_workers_come_and_go(cluster, tmp_path):
    """Two tasks hang their worker the first time they are graded; both are killed then."""
    names = [f"{errands.LINGERS} {number}" if number in (50, 200) else str(number) for number in range(300)]

    def kill() -> None:
        for name in (each for each in names if each.startswith(errands.LINGERS)):
            cluster.add_worker("--no-nanny")
            os.kill(errands.grader_of(name, tmp_path), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    found = Counter(each.task.submission.submitter for each in errand(cluster, tmp_path).map(map(task, names)))
    killer.join()
    assert found == Counter(names)
    begun = errands.begun(tmp_path)
    assert begun.keys() == found.keys()
    assert all(begun[name] > 1 for name in names if name.startswith(errands.LINGERS))


def test_what_kills_every_worker_is_given_up_and_nothing_else(cluster, tmp_path):
    for _ in range(TOGETHER + ALONE):
        cluster.add_worker("--no-nanny")
    names = [errands.POISON if number == 20 else str(number) for number in range(60)]
    given_up = []

    def give_up(task: Task, error: Exception) -> Done:
        given_up.append((task.submission.submitter, str(error)))
        return errands.done(task)

    done = errand(cluster, tmp_path, give_up).map(task(name) for name in names)
    assert Counter(each.task.submission.submitter for each in done) == Counter(names)
    assert given_up == [(errands.POISON, "every worker of the cluster that was given this submission died")]
    assert errands.begun(tmp_path)[errands.POISON] == TOGETHER + ALONE


def test_what_is_given_up_is_a_judge_error_in_the_report(recipe):
    """What no worker survives is our fault, and says the same in every report."""
    done = dask_executor("tcp://127.0.0.1:1", recipe)._give_up(task("alice"), TorchgradeError("all died"))
    (attempt,) = done.attempts
    assert (attempt.submitter, attempt.exercise, attempt.verdict) == ("alice", "double", Verdict.JUDGE_ERROR)
    said = [
        feedback.rationale for check in attempt.checks for finding in check.findings for feedback in finding.feedback
    ]
    assert "TorchgradeError: all died" in said


@pytest.mark.parametrize("package", ["torch", "numpy", "python"])
def test_a_worker_with_another_version_is_refused(cluster, recipe, package):
    wanted = replace(recipe, versions={**recipe.versions, package: "0.9"})
    found = re.escape(recipe.versions[package])
    said = rf"the Dask worker at tcp://127.0.0.1:\d+ has {package} {found}, and 0.9 is wanted"
    with pytest.raises(UsageError, match=said) as refusal:
        list(dask_executor(cluster.address, wanted).map([task("alice")]))
    assert refusal.value.hint == "install the same versions on every machine of the cluster"


def test_a_worker_that_comes_late_with_another_version_refuses_by_itself(recipe):
    wanted = replace(recipe, versions={**recipe.versions, "torch": "0.9"})
    answer = grade_chunk(wire_recipes.encode(wanted), wire_chunks.encode([task("alice")]))
    with pytest.raises(UsageError, match=r"on .+: the Dask worker has torch .+, and 0.9 is wanted"):
        list(wire_chunks.decode_done(answer, [task("alice")]))


def test_a_scheduler_with_another_torchgrade_is_refused(cluster, recipe):
    wanted = replace(recipe, versions={**recipe.versions, "torchgrade": "9.9"})
    with pytest.raises(UsageError, match=r"the Dask scheduler at .+ has torchgrade .+, and 9.9 is wanted"):
        list(dask_executor(cluster.address, wanted).map([task("alice")]))


def test_an_error_of_a_worker_is_no_end_of_the_cluster(cluster, tmp_path):
    with pytest.raises(OSError, match="the disk is full"):
        list(errand(cluster, tmp_path).map([task(errands.BROKEN)]))


def test_a_cluster_that_is_empty_or_open_or_ends_is_told_of_in_a_sentence(tmp_path):
    folder = make(tmp_path, "begun")
    with dask_cluster(make(tmp_path, "cluster"), 0) as cluster:
        executor = errand(cluster, folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cluster_module, "_FIRST_WORKER_SECONDS", 0.2)
            with pytest.raises(UsageError, match=r"the Dask scheduler at .+ has no workers") as refusal:
                list(executor.map([task("alice")]))
        assert refusal.value.hint == f"start some: dask worker --host 127.0.0.1 {cluster.address}"

        open_to_all = cluster.add_worker("--no-nanny", "--host", "0.0.0.0")  # noqa: S104 - that is what is refused
        with pytest.raises(UsageError, match=r"the Dask worker at .+ listens at tcp://0.0.0.0:.+ without tls: whoever"):
            list(executor.map([task("alice")]))
        open_to_all.kill()

        last = cluster.add_worker("--no-nanny")
        results = executor.map(task(str(number)) for number in count())
        assert next(results)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dask_module, "_PATIENCE_SECONDS", 0.5)
            patch.setattr(dask_module, "_LOOK_SECONDS", 0.2)
            last.kill()
            with pytest.raises(UsageError, match="the Dask cluster has lost all its workers") as refusal:
                list(results)
        assert refusal.value.hint == AGAIN

        cluster.add_worker("--no-nanny")
        results = executor.map(task(str(number)) for number in count())
        assert next(results)
        cluster.scheduler.kill()
        with pytest.raises(UsageError, match=f"the Dask scheduler at {cluster.address} is gone") as refusal:
            list(results)
        assert refusal.value.hint == AGAIN


def make(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def test_the_function_goes_by_its_name_and_everything_else_as_bytes(recipe):
    assert len(pickle.dumps(grade_chunk)) < 80
    assert pickle.loads(pickle.dumps(grade_chunk)) is grade_chunk  # noqa: S301
    assert isinstance(wire_recipes.encode(recipe), bytes)


def test_where_nobody_listens_there_is_no_scheduler(recipe):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(UsageError, match=f"there is no Dask scheduler at tcp://127.0.0.1:{port}: ") as refusal:
        list(dask_executor(f"tcp://127.0.0.1:{port}", recipe).map([task("alice")]))
    assert refusal.value.hint == "start one: dask scheduler --host 127.0.0.1"


def test_what_listens_and_says_nothing_is_no_scheduler(recipe, monkeypatch):
    monkeypatch.setattr(cluster_module, "_CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(UsageError, match=f"there is no Dask scheduler at tcp://127.0.0.1:{port}: timed out"):
            list(dask_executor(f"tcp://127.0.0.1:{port}", recipe).map([task("alice")]))


def test_a_plain_address_of_another_machine_is_refused(recipe):
    with pytest.raises(UsageError, match="without tls, whoever reaches the port"):
        dask_executor("tcp://192.0.2.2:8786", recipe)


def test_process_is_no_sandbox_for_a_cluster(recipe):
    with pytest.raises(UsageError, match="on a cluster, nothing is graded with --isolation process") as refusal:
        dask_executor("tcp://127.0.0.1:8786", replace(recipe, isolation="process"))
    assert refusal.value.hint == "--isolation sandbox, or namespaces"


def test_tls_without_certificates_is_refused(recipe):
    with pytest.raises(UsageError, match="needs certificates, and Dask's configuration names none") as refusal:
        list(dask_executor("tls://127.0.0.1:8786", recipe).map([task("alice")]))
    assert "distributed.comm.tls.ca-file" in refusal.value.hint


def test_without_dask_its_extra_is_named(recipe, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="grading on a cluster needs Dask") as refusal:
        list(dask_executor("tcp://127.0.0.1:8786", recipe).map([task("alice")]))
    assert refusal.value.hint == "pip install 'torchgrade[dask]'"


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes a certificate")
def test_with_certificates_it_runs_over_tls(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=cluster"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    options = ("--tls-ca-file", str(certificate), "--tls-cert", str(certificate), "--tls-key", str(key))
    tls = {"ca-file": str(certificate), "client.cert": str(certificate), "client.key": str(key)}
    with dask_cluster(make(tmp_path, "cluster"), 0, "--protocol", "tls", *options) as cluster:
        cluster.add_worker("--no-nanny", "--protocol", "tls", "--host", "0.0.0.0", *options)  # noqa: S104 - with tls
        assert cluster.address.startswith("tls://")
        with dask.config.set({f"distributed.comm.tls.{name}": path for name, path in tls.items()}):
            done = errand(cluster, make(tmp_path, "begun")).map(task(str(number)) for number in range(9))
            assert len(list(done)) == 9
