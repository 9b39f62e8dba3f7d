"""What a zygote loads once, so that no child has to: imports and forward operations, never a backward one.

A thread pool or an autograd engine that ran before a fork hangs or crashes the children (ISOLATION 3.1 to 3.3).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

import torch

from torchgrade.wire import control

_SIZE = 4


def lean() -> None:
    """What every child needs: one thread, and the kernels and cpuinfo that the first product looks up."""
    torch.set_num_threads(1)
    importlib.import_module("numpy.random")  # numpy loads it late: too late for the first probe to find it seeded
    square = torch.ones(_SIZE, _SIZE)
    (square @ square).sum().item()
    repr(square)


def _cotangent() -> None:
    """The first gradient with a cotangent of its own imports sympy and 486 modules more: 0.3 to 0.7 s."""
    importlib.import_module("torch.fx.experimental.symbolic_shapes")


def _functional() -> None:
    """The first torch.func.grad, and the first step of an optimizer, import dynamo: 1.1 s in every child."""
    importlib.import_module("torch._dynamo")
    torch.func.vmap(torch.sin)(torch.ones(_SIZE))
    torch.func.jacfwd(torch.sin)(torch.ones(_SIZE))


def _sympy() -> None:
    importlib.import_module("sympy")


TOPICS: Mapping[str, Callable[[], None]] = {
    control.COTANGENT: _cotangent,
    control.FUNCTIONAL: _functional,
    control.SYMPY: _sympy,
}
