"""Fuzz until no new code is reached: `python -m tests.fuzz [--target NAME]… [--quiet-minutes 10] [--jobs N]`.

Each target runs in a process of its own, as many at a time as there are processors, and begins with the inputs that
earlier runs left in `.fuzz`. What counts as quiet is processor time: a process that others keep waiting finds nothing,
and proves nothing. Exits 1 if there are finds: the inputs stand in `tests/fuzz/finds`.
"""

from __future__ import annotations

import argparse
import os
import re
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.names import MODULES
from tests.fuzz.targets import FINDS

LINE = re.compile(r"#(?P<runs>\d+)\s+\w+\s+cov: (?P<edges>\d+) ft: (?P<features>\d+) corp: (?P<inputs>\d+)")
RUNS = re.compile(r"stat::number_of_executed_units: (\d+)")
LIMITS = ("-timeout=300", "-rss_limit_mb=3000")
"""Of the clock and generous; each target bounds the processor time of an input itself."""
TELL = 300
ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".fuzz"


@dataclass(slots=True)
class Run:
    """What is known of one target's run: `newest` is the processor time at which it last reached a new edge.

    `used` is the processor time so far, in seconds; `is_whole` says that we ended the run.
    """

    target: str
    runs: int = 0
    edges: int = 0
    features: int = 0
    inputs: int = 0
    start: float = field(default_factory=time.monotonic)
    used: float = 0.0
    newest: float = 0.0
    finds: set[str] = field(default_factory=set)
    last: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    is_whole: bool = False
    told: float = 0.0

    def tell(self) -> None:
        """Where it stands, every five minutes."""
        now = time.monotonic()
        if now - max(self.told, self.start) > TELL:
            self.told = now
            print(f"  {self.figures()}", flush=True)

    def read(self, line: str) -> None:
        """Take in a line of libFuzzer's."""
        self.last.append(line.rstrip())
        if found := LINE.search(line):
            if int(found["edges"]) > self.edges:
                self.newest = self.used
            self.runs, self.edges = int(found["runs"]), int(found["edges"])
            self.features, self.inputs = int(found["features"]), int(found["inputs"])
        if found := RUNS.search(line):
            self.runs = int(found[1])
        if line.startswith(("find:", "==", "SUMMARY")):
            print(f"  {self.target}: {line.rstrip()}", flush=True)

    def is_over(self, quiet_seconds: float, most_seconds: float) -> bool:
        """Whether it was quiet for so long of its own time, or ran for so long of everybody's."""
        self.tell()
        return self.used - self.newest > quiet_seconds or time.monotonic() - self.start > most_seconds

    def figures(self) -> str:
        """One line for a table."""
        return (
            f"{self.target:8} {self.runs:>12,} runs {self.edges:>7,} edges {self.features:>8,} features "
            f"{self.inputs:>6,} inputs {len(self.finds):>3} finds {time.monotonic() - self.start:>7,.0f} s; "
            f"processor {self.used:,.0f} s, nothing new for the last {self.used - self.newest:,.0f} s of it"
        )


def fuzzed(target: str, quiet_seconds: float, most_seconds: float) -> Run:
    """Fuzz one target until it is quiet."""
    before = kept(target)
    with TemporaryDirectory(prefix=f"fuzz-{target}-") as folder:
        options = [*LIMITS, f"-artifact_prefix={folder}/"]
        command = [sys.executable, "-m", "tests.fuzz.instrumented", target, str(CACHE / target), *options]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        run = Run(target)
        for line in lines(process):
            run.used = max(run.used, processor_seconds(process.pid))
            if line:
                run.read(line)
            if not run.is_whole and run.is_over(quiet_seconds, most_seconds):
                run.is_whole = True
                process.terminate()
        if not run.is_whole:
            print(f"{target} ended by itself:", *run.last, sep="\n  ", flush=True)
        keep_artifacts(Path(folder), target)
    run.finds = kept(target) - before
    print(run.figures(), flush=True)
    return run


def processor_seconds(pid: int) -> float:
    """What a process has used of the processors; 0 if it has gone."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def keep_artifacts(folder: Path, target: str) -> None:
    """Inputs that ended the whole process: a hang, too much memory, a crash of the interpreter."""
    for kind in ("timeout", "oom", "crash"):
        for artifact in folder.glob(f"{kind}-*"):
            data = artifact.read_bytes()
            (FINDS / target).mkdir(parents=True, exist_ok=True)
            (FINDS / target / sha256(data).hexdigest()[:8]).write_bytes(data)


def lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """What the process says until it ends; nothing once a second while it is silent."""
    assert process.stderr is not None
    selector = selectors.DefaultSelector()
    selector.register(process.stderr, selectors.EVENT_READ)
    rest = b""
    while True:
        yield ""
        if not selector.select(timeout=1.0):
            continue
        chunk = process.stderr.read1(2**16)
        if not chunk:
            break
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in whole)
    process.wait()


def kept(target: str) -> set[str]:
    """The finds there are."""
    return {path.name for path in (FINDS / target).glob("*")}


def main() -> int:
    """Every target, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--target", action="append", choices=MODULES, help="again for more; all of them if absent")
    parser.add_argument("--quiet-minutes", type=float, default=10.0, help="of its own time, without a new edge")
    parser.add_argument("--most-minutes", type=float, default=24 * 60.0, help="end after so long in any case")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many targets run at a time")
    given = parser.parse_args()
    with ThreadPoolExecutor(given.jobs) as pool:
        limits = 60 * given.quiet_minutes, 60 * given.most_minutes
        runs = list(pool.map(lambda target: fuzzed(target, *limits), given.target or MODULES))
    return 1 if any(run.finds or not run.is_whole for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
