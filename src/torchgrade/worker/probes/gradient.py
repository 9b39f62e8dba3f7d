"""The gradient probe: derivatives of any order by the autograd engine in a loop, as `model.Probe` defines them.

The engine is given the cotangents themselves: a sum of products, differentiated, would give the same after five more
operations and the way back through them. `torch.autograd.grad` is not used: the first cotangent tensor that it sees
imports 487 modules in every child.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import torch

from torchgrade.model.observation import Derivatives
from torchgrade.model.probe import Probe
from torchgrade.model.value import Opaque, Tensor
from torchgrade.worker.budget import Budget
from torchgrade.worker.inputs import tensor
from torchgrade.worker.load import Loaded
from torchgrade.worker.probes import outcome
from torchgrade.worker.reading import Quietly, Reader

# What torch.autograd.grad ends in, without its own look at numbers and leaves that are ours: a third of its time.
_run_backward = torch.autograd.Variable._execution_engine.run_backward


class _NotDifferentiableError(Exception):
    """Why there is nothing to differentiate, in the words of `Derivatives.problem`."""


class _Tape:
    """The endless cotangent, read on without a break."""

    def __init__(self, cotangent: tuple[int, ...]) -> None:
        self._cotangent = torch.frombuffer(array("d", cotangent or (1,)), dtype=torch.float64)
        self._length = len(cotangent) or 1
        self._position = 0

    def weights(self, values: torch.Tensor) -> torch.Tensor:
        """As many elements of the tape as there are values, in their dtype and shape; a backward may write to them."""
        length, start = self._length, self._position % self._length
        self._position = end = start + values.numel()
        tape = self._cotangent if end <= length else self._cotangent.repeat(-(-end // length))
        return tape[start:end].to(values.dtype, copy=True).reshape(values.shape)


def measure(loaded: Loaded, inputs: Mapping[str, object], probe: Probe, budget: Budget) -> Derivatives:
    """One call; its outcome differentiated `order` times in the direction of the tape, and row by row if small."""
    returned = loaded.invoke(inputs)
    with Quietly():
        try:
            values = [_differentiable(loaded, returned, inputs, name) for name, _ in probe.seeds or ((probe.of, None),)]
            leaves = [_floating(inputs[name]) for name in probe.wrt]
            if not any(value.requires_grad for value in values):
                return Derivatives(shape=tuple(values[0].shape), product={}, problem="no graph")
            product, rows = _derive(values, leaves, probe)
            return Derivatives(
                shape=tuple(values[0].shape),
                product=_read(probe.wrt, product, budget),
                full={} if rows is None else _read(probe.wrt, rows, budget),
            )
        except _NotDifferentiableError as problem:
            return Derivatives(product={}, problem=str(problem))


_Gradients = Sequence[torch.Tensor | None]


def _derive(
    values: list[torch.Tensor], leaves: list[torch.Tensor], probe: Probe
) -> tuple[_Gradients, _Gradients | None]:
    """The product of the highest order, and its rows."""
    tape, below = _Tape(probe.cotangent), values
    cotangents = _seeds(values, probe) if probe.seeds else [tape.weights(values[0])]
    for _ in range(1, probe.order):
        below = _filled(_gradients(below, cotangents, leaves, create_graph=True), leaves)
        cotangents = [tape.weights(gradient) for gradient in below]
    product = _gradients(below, cotangents, leaves)
    is_small = 0 < probe.full >= sum(value.numel() for value in below)
    return product, _rows(below, leaves) if is_small else None


def _gradients(
    values: Sequence[torch.Tensor],
    cotangents: Sequence[torch.Tensor],
    leaves: list[torch.Tensor],
    create_graph: bool = False,
) -> _Gradients:
    """The derivatives of the sum of <cotangent, value>, of its real part; None where nothing connects."""
    pairs = [pair for pair in zip(values, cotangents, strict=True) if pair[0].requires_grad]
    if not pairs:
        return [None] * len(leaves)
    found = _run_backward(
        tuple(value for value, _ in pairs),
        tuple(cotangent for _, cotangent in pairs),
        True,  # keep the graph
        create_graph,
        tuple(leaves),
        True,  # a leaf may be of no influence
        accumulate_grad=False,
    )
    return [None if gradient is None else _dense(gradient) for gradient in found]


def _dense(gradient: torch.Tensor) -> torch.Tensor:
    """The derivative by an index, say, may be sparse."""
    return gradient if gradient.layout is torch.strided else torch.Tensor.to_dense(gradient)


def _rows(below: Sequence[torch.Tensor], leaves: list[torch.Tensor]) -> _Gradients:
    """The derivatives of each element, stacked; None for a leaf that no element depends on."""
    rows = [_gradients((value,), (unit,), leaves) for value in below for unit in _units(value)]
    columns = [[row[position] for row in rows] for position in range(len(leaves))]
    return [_stacked(column, leaf) for column, leaf in zip(columns, leaves, strict=True)]


def _units(value: torch.Tensor) -> Sequence[torch.Tensor]:
    """For each element of a value the cotangent that singles it out."""
    size = value.numel()
    return torch.eye(size, dtype=value.dtype, device="cpu").reshape(size, *value.shape).unbind()


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


def _seeds(values: Sequence[torch.Tensor], probe: Probe) -> list[torch.Tensor]:
    """Explicit cotangents, which take the place of the tape's first part."""
    for value, (name, seed) in zip(values, probe.seeds, strict=True):
        if tuple(value.shape) != seed.shape:
            raise _NotDifferentiableError(f"wrong shape: {name}")
    return [tensor(seed).to(value.dtype) for value, (_, seed) in zip(values, probe.seeds, strict=True)]


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
    reader = Reader(budget)
    read = {
        name: None if gradient is None else reader.numbers(gradient)
        for name, gradient in zip(names, gradients, strict=True)
    }
    opaque = {name: value.reason for name, value in read.items() if isinstance(value, Opaque)}
    if Budget.TOO_LARGE in opaque.values():
        raise MemoryError(f"the derivatives in {', '.join(opaque)} are too large to be read")
    if opaque:
        raise _NotDifferentiableError("no plain derivative")
    return {name: value for name, value in read.items() if value is None or isinstance(value, Tensor)}
