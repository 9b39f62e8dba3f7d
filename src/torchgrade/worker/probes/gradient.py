"""The gradient probe: derivatives of any order by `torch.autograd.grad` in a loop, as `model.Probe` defines them.

Everything is differentiated as one number: a gradient of a vector takes a cotangent tensor, and the first of those
imports 487 modules in every child.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import torch

from torchgrade.model.observation import Derivatives
from torchgrade.model.probe import Probe
from torchgrade.model.value import Tensor
from torchgrade.worker.budget import Budget
from torchgrade.worker.inputs import tensor
from torchgrade.worker.load import Loaded
from torchgrade.worker.probes import outcome
from torchgrade.worker.reading import Reader, quietly

# What torch.autograd.grad ends in, without its own look at numbers and leaves that are ours: a third of its time.
_run_backward = torch.autograd.Variable._execution_engine.run_backward


class _NotDifferentiableError(Exception):
    """Why there is nothing to differentiate, in the words of `Derivatives.problem`."""


class _Tape:
    """The endless cotangent, read on without a break."""

    def __init__(self, cotangent: tuple[int, ...]) -> None:
        self._cotangent = torch.frombuffer(array("d", cotangent or (1,)), dtype=torch.float64)
        self._position = 0

    def product(self, values: torch.Tensor) -> torch.Tensor:
        """<c, values>, for as many elements of the tape as there are values."""
        length, start = len(self._cotangent), self._position % len(self._cotangent)
        self._position = end = start + values.numel()
        tape = self._cotangent if end <= length else self._cotangent.repeat(-(-end // length))
        weights = tape[start:end].to(values.dtype)
        return _number((values.reshape(-1) * weights).sum()).to(torch.float64)


def measure(loaded: Loaded, inputs: Mapping[str, object], probe: Probe, budget: Budget) -> Derivatives:
    """One call; its outcome differentiated `order` times in the direction of the tape, and row by row if small."""
    returned = loaded.invoke(inputs)
    with quietly():
        try:
            values = [_differentiable(loaded, returned, inputs, name) for name, _ in probe.seeds or ((probe.of, None),)]
            leaves = [_floating(inputs[name]) for name in probe.wrt]
            if not any(value.requires_grad for value in values):
                return Derivatives(shape=tuple(values[0].shape), product={}, problem="no graph")
            product, rows = _derive(values, leaves, probe)
        except _NotDifferentiableError as problem:
            return Derivatives(product={}, problem=str(problem))
        return Derivatives(
            shape=tuple(values[0].shape),
            product=_read(probe.wrt, product, budget),
            full={} if rows is None else _read(probe.wrt, rows, budget),
        )


_Gradients = Sequence[torch.Tensor | None]


def _derive(
    values: list[torch.Tensor], leaves: list[torch.Tensor], probe: Probe
) -> tuple[_Gradients, _Gradients | None]:
    """The product of the highest order, and its rows."""
    tape = _Tape(probe.cotangent)
    number = _seeded(values, probe) if probe.seeds else tape.product(values[0])
    below = _joined(values)
    for _ in range(1, probe.order):
        gradients = _filled(_gradient(number, leaves, create_graph=True), leaves)
        number = torch.stack([tape.product(gradient) for gradient in gradients]).sum()
        below = _joined(gradients)
    product = _gradient(number, leaves)
    return product, _rows(below, leaves) if 0 < probe.full >= below.numel() else None


def _joined(values: Sequence[torch.Tensor]) -> torch.Tensor:
    """All elements along one axis; each step saved here is saved on the way back from every one of them."""
    flat = [value.reshape(-1) for value in values]
    return flat[0] if len(flat) == 1 else torch.cat(flat)


def _gradient(number: torch.Tensor, leaves: list[torch.Tensor], create_graph: bool = False) -> _Gradients:
    """The derivatives of a number; None where nothing connects."""
    if not number.requires_grad:
        return [None] * len(leaves)
    found: _Gradients = _run_backward(
        (number,),
        (torch.ones_like(number),),
        True,  # keep the graph
        create_graph,
        tuple(leaves),
        True,  # a leaf may be of no influence
        accumulate_grad=False,
    )
    return found


def _rows(below: torch.Tensor, leaves: list[torch.Tensor]) -> _Gradients:
    """The derivatives of each element, stacked; None for a leaf that no element depends on."""
    # By index, since the way back from an iteration over a tensor makes zeros for all its other elements.
    rows = [_gradient(_number(below[place]), leaves) for place in range(below.numel())]
    columns = [[row[position] for row in rows] for position in range(len(leaves))]
    return [_stacked(column, leaf) for column, leaf in zip(columns, leaves, strict=True)]


def _stacked(column: list[torch.Tensor | None], leaf: torch.Tensor) -> torch.Tensor | None:
    if column and all(gradient is None for gradient in column):
        return None
    filled = [torch.zeros_like(leaf) if gradient is None else gradient for gradient in column]
    return torch.stack(filled) if filled else leaf.new_zeros((0, *leaf.shape))


def _filled(gradients: _Gradients, leaves: list[torch.Tensor]) -> list[torch.Tensor]:
    return [
        torch.zeros_like(leaf) if gradient is None else gradient
        for gradient, leaf in zip(gradients, leaves, strict=True)
    ]


def _seeded(values: list[torch.Tensor], probe: Probe) -> torch.Tensor:
    """The sum of <seed, value>: explicit cotangents take the place of the tape's first part."""
    terms: list[torch.Tensor] = []
    for value, (name, seed) in zip(values, probe.seeds, strict=True):
        if tuple(value.shape) != seed.shape:
            raise _NotDifferentiableError(f"wrong shape: {name}")
        terms.append(_number((value * tensor(seed).to(value.dtype)).sum()).to(torch.float64))
    return torch.stack(terms).sum()


def _number(value: torch.Tensor) -> torch.Tensor:
    """Its real part, which is what autograd differentiates."""
    return torch.real(value) if value.is_complex() else value


def _differentiable(loaded: Loaded, returned: object, inputs: Mapping[str, object], name: str) -> torch.Tensor:
    """The outcome as a plain tensor, whose shape is its own and not what a subclass says."""
    return torch.Tensor.as_subclass(_floating(outcome.find(name, returned, loaded.returns, inputs)), torch.Tensor)


def _floating(thing: object) -> torch.Tensor:
    if isinstance(thing, outcome.Missing):
        raise _NotDifferentiableError(f"no result: {thing.name}")
    if not isinstance(thing, torch.Tensor):
        raise _NotDifferentiableError(f"not a tensor: {type(thing).__name__[:80]}")
    if not (thing.is_floating_point() or thing.is_complex()):
        raise _NotDifferentiableError(f"not floating: {str(thing.dtype).removeprefix('torch.')}")
    return thing


def _read(names: Sequence[str], gradients: _Gradients, budget: Budget) -> dict[str, Tensor | None]:
    read = {
        name: None if gradient is None else Reader(budget).tensor(gradient)
        for name, gradient in zip(names, gradients, strict=True)
    }
    opaque = [name for name, value in read.items() if value is not None and not isinstance(value, Tensor)]
    if opaque:
        raise MemoryError(f"the derivatives in {', '.join(opaque)} are too large to be read")
    return {name: value for name, value in read.items() if value is None or isinstance(value, Tensor)}
