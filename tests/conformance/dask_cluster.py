"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own, as light as they get."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parent.parent
ENVIRONMENT = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "PYTHONPATH": str(TESTS),
}
START_SECONDS = 60.0


class DaskCluster:
    """Its scheduler is at `address`; each worker does one chunk at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = os.environ | ENVIRONMENT
        self._processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def add_scheduler(self, *options: str) -> None:
        """It is waited for: it takes a free port, and tells which."""
        told = self._folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(told), *options)
        until = time.monotonic() + START_SECONDS
        while not (told.exists() and told.read_text().endswith("}")):
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)
        self.address = json.loads(told.read_text())["address"]

    def add_worker(self, *options: str) -> subprocess.Popen[bytes]:
        """It is not waited for."""
        given = ("--nthreads", "1", "--local-directory", str(self._folder), *options)
        self.workers.append(self._start("worker", self.address, *given))
        return self.workers[-1]

    def log(self) -> str:
        """What all of them wrote."""
        return "\n".join(path.read_text() for path in sorted(self._folder.glob("*.log")))

    def close(self) -> None:
        """At once: a worker that is asked to end while its scheduler does may not."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "dask", what, "--host", "127.0.0.1", "--no-dashboard"]
        command += ["--dashboard-address", "127.0.0.1:0", *options]
        with (self._folder / f"{len(self._processes)}-{what}.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, env=self._environment)
        self._processes.append(process)
        return process


@contextmanager
def dask_cluster(folder: Path, workers: int, *scheduler_options: str) -> Iterator[DaskCluster]:
    """A cluster with so many workers, which ends with the block."""
    cluster = DaskCluster(folder)
    try:
        cluster.add_scheduler(*scheduler_options)
        for _ in range(workers):
            cluster.add_worker("--no-nanny")
        yield cluster
    finally:
        cluster.close()
