"""What a zygote and its children are told, what they load, and what they must not know."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from torchgrade.errors import IsolationError
from torchgrade.model.isolation import LEVELS
from torchgrade.sandbox import talk
from torchgrade.sandbox.forking import ForkingSandbox
from torchgrade.wire import control

CANARY = "CANARY"


def test_no_byte_of_the_truth_goes_to_any_process(lab, sandbox, monkeypatch):
    """Every byte that is written to a socket, with a canary in every field that a worker may not know."""
    written = bytearray()
    real_ask, real_send = talk.ask, socket.send_fds

    def ask(connection, request, allowed, ahead):
        written.extend(request + ahead)
        return real_ask(connection, request, allowed, ahead)

    def send_fds(line, parts, descriptors):
        written.extend(b"".join(parts))
        return real_send(line, parts, descriptors)

    monkeypatch.setattr(talk, "ask", ask)
    monkeypatch.setattr(socket, "send_fds", send_fds)
    asked = lab.work("def f(x): return x", 1, 2)
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
    assert lab.kinds(measured) == ["fine", "fine"]
    assert b"def f(x)" in written
    assert b"spawn" in written
    assert CANARY.encode() not in written


def test_a_child_finds_no_answer_in_its_memory(lab, level, monkeypatch):
    """The zygote is started by exec: nothing of the parent's environment, arguments or modules is in a child."""
    source = """def f(x):
    import os, sys
    names = sorted(name for name in sys.modules if name.startswith("torchgrade") and ".model." not in name)
    return names, "TORCHGRADE_CANARY" in os.environ, sys.orig_argv[1:]
"""
    monkeypatch.setenv("TORCHGRADE_CANARY", CANARY)
    with ForkingSandbox(LEVELS[level]) as fresh:
        measured = fresh.measure(lab.work(source, 1))
    (snapshot,) = measured[0].observations.values()
    modules, environment, arguments = snapshot.returned.items
    rooms = {name.value.split(".")[1] for name in modules.items if "." in name.value}
    assert rooms == {"worker", "wire", "model", "errors"}
    assert environment.value is False
    assert [argument.value for argument in arguments.items[:-2]] == [
        "-I",
        "-P",
        "-B",
        "-X",
        "utf8",
        "-m",
        "torchgrade.worker",
    ]


def test_lean_zygotes_load_what_a_work_mentions_and_children_need_not(lab, level):
    look = "import sys\ndef f(x): return [name in sys.modules for name in ('sym' + 'py', 'torch._dynamo')]\n# "
    with ForkingSandbox(LEVELS[level]) as fresh:
        for mention, loaded in (("", [False, False]), ("sympy", [True, False]), ("torch.func", [True, True])):
            (snapshot,) = fresh.measure(lab.work(look + mention, 1))[0].observations.values()
            assert [item.value for item in snapshot.returned.items] == loaded


def test_those_that_were_dismissed_are_reaped(level):
    with ForkingSandbox(LEVELS[level]) as fresh:
        zygote = fresh._living()
        zygote.warm(control.TOPICS)
        children = [zygote.spawn(1000, 60, 64) for _ in range(4)]
        watched = [os.dup(child._channels.process) for child in children]
        peaks = [zygote.dismiss(child) for child in children]
        ended = [select.select([handle], [], [], 10.0)[0] for handle in watched]
        assert zygote.end(zygote.spawn(1000, 60, 64)).status == signal.SIGKILL
        zombies = [pid for child in children if (pid := child.pid) and Path(f"/proc/{pid}").exists()]
    for handle in watched:
        os.close(handle)
    assert all(ended)
    assert all(peak > 100 * 2**20 for peak in peaks)
    assert level == "namespaces" or not zombies


def test_a_zygote_that_cannot_start_is_said_to_the_caller(lab, level, tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no torch here >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with ForkingSandbox(LEVELS[level]) as fresh, pytest.raises(IsolationError) as refusal:
        fresh.measure(lab.work("", 1))
    assert refusal.value.message == "the worker process ended with status 3: no torch here"
    assert refusal.value.hint == "check that this Python can import torch: python -c 'import torch'"


def test_files_in_the_current_folder_shadow_nothing(lab, level, tmp_path, monkeypatch):
    for name in ("torch", "torchgrade", "json", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ForkingSandbox(LEVELS[level]) as fresh:
        assert lab.kinds(fresh.measure(lab.work("import json\ndef f(x): return x", 1))) == ["fine"]
