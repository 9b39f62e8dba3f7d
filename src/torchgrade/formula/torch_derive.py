"""How derivatives are written in torch: as calls of a few lines that stand before the solution.

They go through torch.autograd alone (the first use of torch.func takes seconds) and stay differentiable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from torchgrade.formula.display import LOWEST, POSTFIX
from torchgrade.formula.torch_piece import Piece
from torchgrade.formula.torch_writer import Bound, Rule, Writer
from torchgrade.formula.tree import Call, Name

HELPERS: Final[Mapping[str, str]] = {
    "_low_rank": '''\
def _low_rank(A, k):
    """The matrix of rank k closest to A."""
    U, S, V = torch.linalg.svd(A, full_matrices=False)
    return (U[..., :k] * S[..., None, :k]) @ V[..., :k, :]
''',
    "_hessian": '''\
def _hessian(f, x):
    """The second derivatives of a number f(x)."""
    return _jacobian(lambda x: _grad(f, x), x)
''',
    "_jvp": '''\
def _jvp(f, x, v):
    """The Jacobian of f at x, times v."""
    return torch.tensordot(_jacobian(f, x), v, v.ndim)
''',
    "_vjp": '''\
def _vjp(f, x, u):
    """u, times the Jacobian of f at x."""
    return _grad(lambda x: torch.sum(u * f(x)), x)
''',
    "_grad": '''\
def _grad(f, x):
    """The gradient of a number f(x); it can be differentiated again."""
    return torch.reshape(_jacobian(lambda x: torch.reshape(f(x), ()), x), x.shape)
''',
    "_jacobian": '''\
def _jacobian(f, x):
    """The derivatives of f(x) in x, the axes of f first; they can be differentiated again."""
    with torch.enable_grad():
        at = x.view_as(x) if x.requires_grad else x.detach().requires_grad_()
        y = f(at)
        rows = [_row(each, at) for each in y.reshape(-1)]
    whole = torch.stack(rows) if rows else x.new_zeros(0)
    tracked = x.requires_grad or f(x).requires_grad
    return (whole if tracked else whole.detach()).reshape(y.shape + x.shape)


def _row(y, x):
    if not y.requires_grad:
        return torch.zeros_like(x)
    row = torch.autograd.grad(y, x, create_graph=True, allow_unused=True)[0]
    return torch.zeros_like(x) if row is None else row
''',
}
"""Functions that a solution may call, those that call others first."""


def derivative(writer: Writer, call: Call, bound: Bound) -> Piece:
    """grad, jacobian, hessian, jvp and vjp: a call with the formula as a function of its variable."""
    variable = bound["x"]
    name = variable.name if isinstance(variable, Name) else ""
    given = writer.write(variable)
    if given.sort == "symbol":
        return _symbolic(writer, call, bound, given)
    inner = writer.with_names(**{name: Piece(given.text if given.text.isidentifier() else name, sort=given.sort)})
    function = f"lambda {inner.names[name].text}: {_tensor_text(inner, bound)}"
    further = [writer.tensor(writer.plain(bound[each])).text for each in ("v", "u") if each in bound]
    point = writer.floating(writer.tensor(given, "float")).text
    return Piece(f"_{call.function}({', '.join((function, point, *further))})")


def _tensor_text(writer: Writer, bound: Bound) -> str:
    return writer.floating(writer.tensor(writer.plain(bound["f"]))).within(LOWEST)


def _symbolic(writer: Writer, call: Call, bound: Bound, variable: Piece) -> Piece:
    """A derivative of a sympy expression."""
    formula = writer.write(bound["f"])
    again = f", {variable.text}" if call.function == "hessian" else ""
    return Piece(f"sympy.diff({formula.text}, {variable.text}{again})", POSTFIX, "symbol", True)


def substituted(writer: Writer, call: Call, bound: Bound) -> Piece:
    """at: the formula as a function of the names it sets, called at once."""
    values = {name: writer.plain(value) for name, value in call.keywords}
    tensors = {
        name: writer.tensor(value, writer.write(Name(name)).sort) if not writer.write(Name(name)).number else value
        for name, value in values.items()
    }
    inner = writer.with_names(
        **{name: Piece(name, sort=piece.sort, number=piece.number) for name, piece in tensors.items()}
    )
    formula = inner.write(bound["f"])
    texts = ", ".join(piece.text for piece in tensors.values())
    return Piece(f"(lambda {', '.join(tensors)}: {formula.text})({texts})", POSTFIX, formula.sort, formula.number)


DERIVE: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(("grad", "jacobian", "hessian", "jvp", "vjp"), derivative),
    "at": substituted,
}
"""The functions of this module by name."""
