"""The float64 reading of a formula: the same tree in another field, as a cross-check of the exact one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from torchgrade.formula.exact import Exact, Kind, encode
from torchgrade.formula.field import FLOAT64
from torchgrade.formula.frames import Scope, opened
from torchgrade.formula.reading import Frame
from torchgrade.formula.tree import Node
from torchgrade.model.value import Tensor


def approximate(node: Node, scope: Scope) -> Tensor:
    """The value in float64; only derivatives are taken exactly, since differences need digits."""
    with opened(scope, (node,)) as exact, np.errstate(all="ignore"):
        reading = replace(exact.reading, field=FLOAT64, constants={}, calls={})
        values = {name: _rounded(x) for name, x in exact.values.items()}
        return encode(Frame(reading=reading, values=values).read(node))


def _rounded(x: Exact) -> Exact:
    if x.kind is Kind.COMPLEX:
        return Exact(x.kind, FLOAT64.complex(x.data))
    return Exact(x.kind, FLOAT64.real(x.data)) if x.kind is Kind.FLOAT else x
