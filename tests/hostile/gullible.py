"""A grader as the field writes them: reference, submission and comparison in one process. Each habit is a way to fall.

It reads jobs, one a line, as JSON (`text`, `entrypoint`, `habit`), and answers each with `true` for full marks. A job
runs in a fork of its own, since what a cheat changes stays changed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

import torch

Inputs = tuple[torch.Tensor, ...]
Function = Callable[..., torch.Tensor]

REFERENCES: dict[str, Function] = {
    "hadamard": lambda a, b: a * b,
    "vector_sum": lambda x: x.sum(),
    "normalise_rows": lambda a: a / a.sum(1, keepdim=True),
}
VISIBLE: dict[str, list[tuple[list[object], ...]]] = {
    "hadamard": [([[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]), ([[900.0]], [[800.0]])],
    "vector_sum": [([1.0, 2.0, 3.0],), ([4.0],)],
    "normalise_rows": [([[1.0, 3.0], [2.0, 2.0]],)],
}
TRIALS = 5
SECONDS = 20.0


def visible(entrypoint: str) -> Iterator[Inputs]:
    """The examples of the task, as tensors."""
    for example in VISIBLE[entrypoint]:
        yield tuple(torch.tensor(each) for each in example)


def drawn(entrypoint: str, size: int = 16) -> Inputs:
    """Positive numbers at random."""
    shape = (size,) if entrypoint == "vector_sum" else (size, size)
    return tuple(torch.rand(*shape) + 0.5 for _ in VISIBLE[entrypoint][0])


def cases(entrypoint: str) -> Iterator[Inputs]:
    """Visible cases first, then hidden ones."""
    yield from visible(entrypoint)
    yield from (drawn(entrypoint) for _ in range(TRIALS))


def expected_first(submitted: Function, entrypoint: str) -> bool:
    """The expected value is there, in a frame above, when the submission is called."""
    for inputs in cases(entrypoint):
        expected = REFERENCES[entrypoint](*inputs)
        got = submitted(*inputs)
        if not torch.allclose(got, expected):
            return False
    return True


def call_first(submitted: Function, entrypoint: str) -> bool:
    """The reference is given what the submission left of the inputs."""
    for inputs in cases(entrypoint):
        got = submitted(*inputs)
        if not torch.allclose(got, REFERENCES[entrypoint](*inputs)):
            return False
    return True


def memory_reused(submitted: Function, entrypoint: str) -> bool:
    """What the reference returned is copied and dropped; the next tensor of its size lies where it lay.

    Not at every size, so it takes some attempts; the best of them counts.
    """
    return any(_memory_reused(submitted, entrypoint, size) for size in range(16, 64, 2))


def _memory_reused(submitted: Function, entrypoint: str, size: int) -> bool:
    expected = torch.zeros(size, size)
    for _ in range(TRIALS):
        inputs = drawn(entrypoint, size)
        expected[:] = REFERENCES[entrypoint](*inputs)
        if not torch.allclose(submitted(*inputs), expected):
            return False
    return True


def one_seed(submitted: Function, entrypoint: str) -> bool:
    """Every trial draws the same numbers."""
    for _ in range(TRIALS):
        torch.manual_seed(0)
        inputs = drawn(entrypoint)
        if not torch.allclose(submitted(*inputs), REFERENCES[entrypoint](*inputs)):
            return False
    return True


def one_drawing(submitted: Function, entrypoint: str) -> bool:
    """Drawn once, and asked again and again, as for taking the time."""
    inputs = drawn(entrypoint)
    return all(torch.allclose(submitted(*inputs), REFERENCES[entrypoint](*inputs)) for _ in range(TRIALS))


def greater_than(submitted: Function, entrypoint: str) -> bool:
    """Looks for a difference that is too great; NaN is none."""
    return not any(
        bool(((submitted(*inputs) - REFERENCES[entrypoint](*inputs)).abs() > 1e-5).any())
        for inputs in cases(entrypoint)
    )


def equality(submitted: Function, entrypoint: str) -> bool:
    """Asks the answer whether it is right."""
    return all(submitted(*inputs) == REFERENCES[entrypoint](*inputs).tolist() for inputs in cases(entrypoint))


def shape_and_dtype(submitted: Function, entrypoint: str) -> bool:
    """Asks the answer for its shape and dtype before comparing."""
    for inputs in cases(entrypoint):
        got, expected = submitted(*inputs), REFERENCES[entrypoint](*inputs)
        if got.shape != expected.shape or got.dtype != expected.dtype or not torch.allclose(got, expected):
            return False
    return True


def compared_at_the_end(submitted: Function, entrypoint: str) -> bool:
    """Everything is run, then reported, then compared."""
    pairs = []
    for inputs in cases(entrypoint):
        got = submitted(*inputs)
        expected = REFERENCES[entrypoint](*inputs)
        pairs.append((got, expected))
        time.sleep(0.02)  # the next case is read from a file
    return all(torch.allclose(got, expected) for got, expected in pairs)


def small_numbers(submitted: Function, entrypoint: str) -> bool:
    """Numbers so small that allclose's absolute tolerance is greater."""
    for _ in range(TRIALS):
        inputs = tuple(each * 1e-6 for each in drawn(entrypoint))
        if not torch.allclose(submitted(*inputs), REFERENCES[entrypoint](*inputs)):
            return False
    return True


def loose(submitted: Function, entrypoint: str) -> bool:
    """A tolerance that no rounding needs."""
    return all(
        torch.allclose(submitted(*inputs), REFERENCES[entrypoint](*inputs), rtol=1e-2, atol=1e-2)
        for inputs in cases(entrypoint)
    )


def first_trials(submitted: Function, entrypoint: str) -> bool:
    """The first three calls are compared, the others only timed."""
    inputs = drawn(entrypoint)
    right = all(torch.allclose(submitted(*inputs), REFERENCES[entrypoint](*inputs)) for _ in range(3))
    start = time.perf_counter()
    for _ in range(100):
        submitted(*inputs)
    return right and time.perf_counter() - start < SECONDS


def visible_only(submitted: Function, entrypoint: str) -> bool:
    """What stands in the task, and nothing else."""
    return all(torch.allclose(submitted(*each), REFERENCES[entrypoint](*each)) for each in visible(entrypoint))


def large_numbers(submitted: Function, entrypoint: str) -> bool:
    """Inputs are made with whatever the default dtype is by now."""
    for _ in range(TRIALS):
        inputs = tuple(torch.full((3, 3), 1000.0) for _ in VISIBLE[entrypoint][0])
        if not torch.allclose(submitted(*inputs), REFERENCES[entrypoint](*inputs)):
            return False
    return True


def printed(submitted: Function, entrypoint: str) -> bool:
    """Compares what people would see."""
    return all(str(submitted(*inputs)) == str(REFERENCES[entrypoint](*inputs)) for inputs in cases(entrypoint))


def gradients_if_any(submitted: Function, entrypoint: str) -> bool:
    """Derivatives are compared where the reference has some."""
    for inputs in cases(entrypoint):
        leaves = [each.clone().requires_grad_() for each in inputs]
        got, expected = submitted(*leaves), REFERENCES[entrypoint](*leaves)
        if not torch.allclose(got, expected):
            return False
        if expected.requires_grad and not all(map(torch.allclose, _grad(got, leaves), _grad(expected, leaves))):
            return False
    return True


def is_tracked(submitted: Function, entrypoint: str) -> bool:
    """Asks whether the result can be differentiated, and believes it."""
    leaves = [each.requires_grad_() for each in drawn(entrypoint)]
    got = submitted(*leaves)
    return torch.allclose(got, REFERENCES[entrypoint](*leaves)) and got.requires_grad


def gradients_only(submitted: Function, entrypoint: str) -> bool:
    """A task about derivatives: values are somebody else's."""
    for inputs in cases(entrypoint):
        leaves = [each.clone().requires_grad_() for each in inputs]
        got, expected = submitted(*leaves), REFERENCES[entrypoint](*leaves)
        if not all(map(torch.allclose, _grad(got, leaves), _grad(expected, leaves))):
            return False
    return True


def backward(submitted: Function, entrypoint: str) -> bool:
    """`.backward()` on both, and what it leaves in `.grad`; ones flow back."""
    for inputs in cases(entrypoint):
        left = []
        for function in (submitted, REFERENCES[entrypoint]):
            leaves = [each.clone().requires_grad_() for each in inputs]
            function(*leaves).sum().backward()
            left.append([each.grad for each in leaves])
        if not all(one is other or torch.allclose(one, other, atol=1e-5) for one, other in zip(*left, strict=True)):
            return False
    return True


def _grad(result: torch.Tensor, leaves: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    return torch.autograd.grad(result.sum(), leaves)


def stopped_by_hand(submitted: Function, entrypoint: str) -> bool:
    """Whoever sits at the grader may stop it, and see what has failed so far."""
    failures = []
    try:
        for inputs in cases(entrypoint):
            try:
                if not torch.allclose(submitted(*inputs), REFERENCES[entrypoint](*inputs)):
                    failures.append(inputs)
            except Exception:  # noqa: BLE001
                failures.append(inputs)
    except KeyboardInterrupt:
        pass
    return not failures


HABITS: dict[str, Callable[[Function, str], bool]] = {
    each.__name__.replace("_", " "): each
    for each in (
        expected_first,
        call_first,
        memory_reused,
        one_seed,
        one_drawing,
        greater_than,
        equality,
        shape_and_dtype,
        compared_at_the_end,
        small_numbers,
        loose,
        first_trials,
        visible_only,
        large_numbers,
        printed,
        gradients_if_any,
        is_tracked,
        gradients_only,
        backward,
        stopped_by_hand,
    )
}
EXIT_CODE = "exit code"
"""The script that compares ends with 0 if all is well; so does a submission that ends it."""
LAST_LINE = "last line"
"""The last line that is printed says how it went."""
_PASSES = '{"passed": true}'


def compare(submitted: Function, entrypoint: str) -> bool:
    """What the habits that are no comparison of their own compare by."""
    return expected_first(submitted, entrypoint)


def run(job: dict[str, str]) -> int:
    """One submission, in this process: 0 if it passes, 1 if not; the last line says so as well."""
    names: dict[str, object] = {"__name__": "submission"}
    try:
        exec(job["text"], names)  # noqa: S102
        grade = HABITS.get(job["habit"], compare) if job["habit"] in HABITS else compare
        passed = grade(names[job["entrypoint"]], job["entrypoint"])
    except Exception:  # noqa: BLE001
        passed = False
    print(json.dumps({"passed": bool(passed)}), flush=True)
    return int(not passed)


def ended(job: dict[str, str]) -> int:
    """The status with which the job's process ends."""
    try:
        return run(job)
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:  # noqa: BLE001
        return 1


def graded(job: dict[str, str]) -> bool:
    """The job in a fork, and what its grader would believe."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(writing, 1)
        os.closerange(3, 64)
        signal.alarm(int(SECONDS))
        os._exit(ended(job))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().decode(errors="replace").splitlines()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status == 0 if job["habit"] == EXIT_CODE else bool(lines) and lines[-1] == _PASSES


if __name__ == "__main__":
    torch.set_num_threads(1)
    for line in sys.stdin:
        print(json.dumps(graded(json.loads(line))), flush=True)
