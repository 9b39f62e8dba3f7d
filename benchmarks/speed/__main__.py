"""`python -m benchmarks.speed [start|submission|confinement|batch|growth]…`: all of them unless some are named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping

from benchmarks.speed import batch, confinement, growth, start, submission
from benchmarks.speed.figures import Figure

SUBJECTS: Mapping[str, Callable[[], Iterable[Figure]]] = {
    "start": start.figures,
    "submission": submission.figures,
    "confinement": confinement.figures,
    "batch": batch.figures,
    "growth": growth.figures,
}

if __name__ == "__main__":
    for subject in sys.argv[1:] or SUBJECTS:
        for figure in SUBJECTS[subject]():
            print(figure, flush=True)
