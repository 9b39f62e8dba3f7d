"""`make soak`, or `python -m tests.soak --submissions 5000 --jobs 2 --level sandbox`."""

from __future__ import annotations

import argparse
import sys

from tests.soak.soak import soak

from torchgrade.sandbox import ISOLATIONS


def main() -> int:
    """Soak, and tell; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.soak", description="Thousands of mixed submissions through one session."
    )
    parser.add_argument("--submissions", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--level", default="sandbox", choices=list(ISOLATIONS))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    outcome = soak(asked.submissions, asked.jobs, asked.level, asked.seed)
    rate = outcome.submissions / outcome.seconds
    print(f"{outcome.submissions} submissions at {asked.level!r}, {asked.jobs} at a time")
    print(f"{outcome.seconds:.1f} s, {rate:.1f} submissions/s; zygotes: {outcome.zygotes}")
    print(", ".join(f"{name} {times}" for name, times in sorted(outcome.kinds.items())))
    for name, before, after in zip(("grader", "zygote"), *(outcome.sizes[0], outcome.sizes[-1]), strict=True):
        memory = f"{before.memory / 2**20:.1f} -> {after.memory / 2**20:.1f} MB"
        print(f"{name}: {memory}, {before.descriptors} -> {after.descriptors} descriptors (from 10% to the end)")
    print(f"hangs: {len(outcome.hangs)}, wrong verdicts: {len(outcome.wrong)}")
    faults = outcome.faults()
    print("\n".join(faults) if faults else "no fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
