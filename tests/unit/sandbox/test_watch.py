"""A real process, looked at from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from torchgrade.sandbox.watch import Watch

BUSY = (
    "import threading, time; [threading.Thread(target=time.sleep, args=(60,)).start() for _ in range(3)]\nwhile True: 1"
)


def test_a_process_at_work():
    with subprocess.Popen([sys.executable, "-c", BUSY]) as process:
        handle = os.pidfd_open(process.pid)
        watch = Watch(handle)
        while watch.threads() < 4 or watch.cpu_seconds() < 0.1:
            time.sleep(0.01)
        used = watch.cpu_seconds()
        while watch.cpu_seconds() == used:
            time.sleep(0.001)
        assert watch.threads() == 4
        process.kill()
    assert (watch.cpu_seconds(), watch.threads()) == (0, 0)
    os.close(handle)


@pytest.mark.parametrize("handle", [-1, 0])
def test_what_is_no_process_has_no_figures(handle):
    watch = Watch(handle)
    assert (watch.cpu_seconds(), watch.threads()) == (0, 0)
