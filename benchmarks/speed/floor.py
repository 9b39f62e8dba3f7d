"""The least that a submission can cost: `python -m benchmarks.speed.floor WORKS`, a program of its own.

It loads torch and warms up as a zygote does for a class. For each line on its input, the number of a work, it forks,
waits for the child's one byte, reaps it and prints the seconds from the fork to the reaping. The child

- runs the source, once for all exercises, and finds the entry points (and an exercise's `call`) in it;
- for every probe of every case builds the inputs from the bytes it inherited: nothing is sent to it;
- calls the function; where a probe differentiates, it does so with `torch.autograd.grad` exactly as often as the probe
  asks: once for each order, and once for each row of a Jacobian or Hessian that the probe wants in full;
- writes a byte and ends.

Left out is everything that makes it a judge: no confinement, requests, replies, clock, output, state put back between
calls, reading of results, comparison or report; what fails in a case that wants an exception is left alone.
"""

from __future__ import annotations

import gc
import math
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from torchgrade.model.case import Case
from torchgrade.model.probe import Plan, Probe, ProbeOp, Work
from torchgrade.numeric.tape import read
from torchgrade.worker import warm
from torchgrade.worker.inputs import build, tensor
from torchgrade.worker.probes.outcome import find


def main(path: Path) -> None:
    """Fork for each number that is asked for."""
    works: Sequence[Work] = pickle.loads(path.read_bytes())  # noqa: S301 - our own file
    warm.lean()
    for topic in warm.TOPICS.values():
        topic()
    gc.freeze()
    for line in sys.stdin:
        print(seconds(works[int(line)]), flush=True)


def seconds(work: Work) -> float:
    """One fork for a work."""
    reading, writing = os.pipe()
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        run(work)
        os.write(writing, b".")
        os._exit(0)
    os.close(writing)
    answer = os.read(reading, 1)
    os.waitpid(pid, 0)
    took = time.perf_counter() - start
    os.close(reading)
    if answer != b".":
        raise ChildProcessError("the floor gave way")
    return took


def run(work: Work) -> None:
    """All calls of a work."""
    names: dict[str, Any] = {"__name__": "submission"}
    exec(compile(work.source.text, work.source.filename, "exec", dont_inherit=True), names)  # noqa: S102
    for plan in work.plans:
        function = called(plan, names[plan.entrypoint])
        for case in plan.cases:
            for probe in (each for each in plan.probes if each.case == case.name):
                if case.raises is None:
                    take(function, plan, case, probe)
                else:
                    with suppress(Exception):
                        take(function, plan, case, probe)


def called(plan: Plan, entry: Callable[..., Any]) -> Callable[..., Any]:
    """The entry point, or the exercise's own way of calling it."""
    if plan.call is None:
        return entry
    names: dict[str, Any] = {"torch": torch, "math": math}
    exec(plan.call, names)  # noqa: S102
    return lambda *inputs: names["call"](entry, *inputs)


def take(function: Callable[..., Any], plan: Plan, case: Case, probe: Probe) -> None:
    """One call, and the derivatives of what it returns."""
    inputs = {name: build(value, name in probe.wrt) for name, value in case.inputs.items()}
    returned = function(*inputs.values())
    if probe.op is ProbeOp.GRADIENT:
        differentiate(returned, plan, inputs, probe)


def differentiate(returned: object, plan: Plan, inputs: Mapping[str, Any], probe: Probe) -> None:
    """The product with the tape, order by order, and then its rows."""
    values: list[Any] = [find(name, returned, plan.returns, inputs) for name, _ in probe.seeds or ((probe.of, None),)]
    leaves = [inputs[name] for name in probe.wrt]
    position = 0

    def weighed(value: torch.Tensor) -> torch.Tensor:
        nonlocal position
        weights = torch.tensor(read(probe.cotangent or (1,), position, value.numel()), dtype=value.dtype)
        position += value.numel()
        return (value.reshape(-1) * weights).sum()

    seeds = [tensor(seed).to(value.dtype) for value, (_, seed) in zip(values, probe.seeds, strict=False)]
    number = (
        sum((value * seed).sum() for value, seed in zip(values, seeds, strict=True)) if seeds else weighed(values[0])
    )
    for _ in range(1, probe.order):
        found = gradient(number, leaves, create_graph=True)
        values = [torch.zeros_like(leaf) if each is None else each for each, leaf in zip(found, leaves, strict=True)]
        number = torch.stack([weighed(value) for value in values]).sum()
    gradient(number, leaves)
    if 0 < probe.full >= sum(value.numel() for value in values):
        for element in elements(values):
            gradient(element, leaves)


def elements(values: Sequence[torch.Tensor]) -> Iterator[torch.Tensor]:
    """What has a row each."""
    for value in values:
        flat = value.reshape(-1)
        yield from (flat[place] for place in range(flat.numel()))


def gradient(number: Any, leaves: Sequence[torch.Tensor], create_graph: bool = False) -> Sequence[torch.Tensor | None]:
    """Nothing where there is no graph."""
    if not number.requires_grad:
        return [None] * len(leaves)
    return torch.autograd.grad(number, leaves, retain_graph=True, create_graph=create_graph, allow_unused=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
