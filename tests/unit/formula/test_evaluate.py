"""Values of formulas against torch in float64, kinds, special values, bounds and messages."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import Scope, evaluate, target
from torchgrade.formula.parse import parse
from torchgrade.model.value import Scalar, ScalarType, Tensor

INPUTS = {
    "x": torch.tensor([0.5, -1.25, 2.0], dtype=torch.float64),
    "y": torch.tensor([1.5, 0.75, -0.375], dtype=torch.float64),
    "p": torch.tensor([0.1, 0.7, 2.3], dtype=torch.float64),
    "A": torch.tensor([[4.0, 1.0, -0.5], [0.25, 3.0, 1.0], [1.5, -2.0, 5.0]], dtype=torch.float64),
    "B": torch.tensor([[1.0, 2.0, -1.0, 0.5], [0.5, -3.0, 0.25, 2.0]], dtype=torch.float64),
    "C": torch.arange(24, dtype=torch.float64).reshape(2, 3, 4).sin(),
    "L": torch.tensor([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], dtype=torch.float64),
    "t": torch.tensor([2.0, 1.0, 2.0, 1.0, 3.0], dtype=torch.float64),
    "z": torch.tensor([1 + 2j, -0.5 + 0.25j], dtype=torch.complex128),
    "i": torch.tensor([2, 0, 1]),
    "k": torch.tensor([[7, -7, 3], [-3, 0, 5]]),
    "m": torch.tensor([True, False, True]),
    "a": torch.tensor(3.0, dtype=torch.float64),
    "w": torch.tensor([math.nan, 1.0, -math.inf, math.inf, 0.0], dtype=torch.float64),
}
DTYPES = {"float64": "<f8", "complex128": "<c16", "int64": "<i8", "bool": "?"}


def tensor(value: torch.Tensor) -> Tensor:
    found = value.detach().resolve_conj().contiguous().numpy()
    return Tensor(dtype=str(value.dtype).removeprefix("torch."), shape=tuple(value.shape), data=found.tobytes())


def number(value: int | float) -> Scalar:
    return Scalar(type=ScalarType(type(value).__name__), value=value)


SCOPE = Scope(values={**{name: tensor(value) for name, value in INPUTS.items()}, "n": number(3), "r": number(0.25)})


def numbers(value: Tensor) -> np.ndarray:
    return np.frombuffer(value.data, dtype=DTYPES[value.dtype]).reshape(value.shape)


def run(text: str, scope: Scope = SCOPE) -> np.ndarray:
    return numbers(evaluate(parse(text), scope))


x, y, p, A, B, C, L, t, z, i, k, m, a, w = INPUTS.values()
S = A + A.T
linalg = torch.linalg
F = torch.nn.functional
TABLE: list[tuple[str, Callable[[], torch.Tensor]]] = [
    ("x + y", lambda: x + y),
    ("x - 2*y", lambda: x - 2 * y),
    ("x / y", lambda: x / y),
    ("x // y", lambda: x // y),
    ("x % y", lambda: x % y),
    ("k // 2", lambda: k // 2),
    ("k % 4", lambda: k % 4),
    ("k % -4", lambda: k % -4),
    ("k / 2", lambda: k / 2),
    ("x**3", lambda: x**3),
    ("x**-2", lambda: x**-2),
    ("p**y", lambda: p**y),
    ("x**0.5", lambda: x**0.5),
    ("2.0**x", lambda: 2.0**x),
    ("k**2", lambda: k**2),
    ("-x", lambda: -x),
    ("A @ x", lambda: A @ x),
    ("x @ A", lambda: x @ A),
    ("x @ y", lambda: x @ y),
    ("A @ A.T", lambda: A @ A.T),
    ("C.mT @ C", lambda: C.mT @ C),
    ("B[:, :3] @ C", lambda: torch.matmul(B[:, :3], C)),
    ("x > y", lambda: x > y),
    ("x == x", lambda: x == x),
    ("w != w", lambda: w != w),
    ("m & ~m", lambda: m & ~m),
    ("m | (x > 0)", lambda: m | (x > 0)),
    ("i ^ (i + 1)", lambda: i ^ (i + 1)),
    *[(f"{name}(x)", lambda f=getattr(torch, name): f(x)) for name in ("exp", "expm1", "abs", "sign", "floor", "ceil")],
    *[(f"{name}(x)", lambda f=getattr(torch, name): f(x)) for name in ("sin", "cos", "tan", "atan", "sinh", "cosh")],
    *[(f"{name}(x)", lambda f=getattr(torch, name): f(x)) for name in ("tanh", "sigmoid", "erf", "relu", "round")],
    *[(f"{name}(p)", lambda f=getattr(torch, name): f(p)) for name in ("log", "log2", "log1p", "sqrt", "lgamma")],
    *[(f"{name}(x / 3)", lambda f=getattr(torch, name): f(x / 3)) for name in ("asin", "acos", "lgamma")],
    ("log(x)", lambda: torch.log(x)),
    ("sqrt(x)", lambda: torch.sqrt(x)),
    ("asin(x)", lambda: torch.asin(x)),
    ("round(x * 2)", lambda: torch.round(x * 2)),
    ("isnan(w)", lambda: torch.isnan(w)),
    ("isfinite(w)", lambda: torch.isfinite(w)),
    ("exp(w)", lambda: torch.exp(w)),
    ("1 / w", lambda: 1 / w),
    ("w - w", lambda: w - w),
    ("0 * w", lambda: 0 * w),
    ("maximum(w, 0)", lambda: torch.maximum(w, torch.zeros(1, dtype=torch.float64))),
    ("sort(w)", lambda: torch.sort(w).values),
    ("max(w)", lambda: torch.max(w)),
    ("clamp(x, -1, 1)", lambda: torch.clamp(x, -1, 1)),
    ("clamp(x, min=y)", lambda: torch.clamp(x, min=y)),
    ("minimum(x, y)", lambda: torch.minimum(x, y)),
    ("where(x > 0, sqrt(x), 0)", lambda: torch.where(x > 0, x.sqrt(), torch.zeros(3, dtype=torch.float64))),
    ("float(k)", lambda: k.double()),
    ("int(x * 3)", lambda: (x * 3).long()),
    ("sum(B)", lambda: B.sum()),
    ("sum(C, dim=[0, -1], keepdim=True)", lambda: C.sum(dim=(0, -1), keepdim=True)),
    ("sum(m)", lambda: m.sum()),
    ("prod(B, 1)", lambda: B.prod(1)),
    ("mean(C, dim=1)", lambda: C.mean(dim=1)),
    ("var(C, dim=2)", lambda: C.var(dim=2)),
    ("std(B, correction=0)", lambda: B.std(correction=0)),
    ("max(C, dim=1)", lambda: C.max(dim=1).values),
    ("min(B)", lambda: B.min()),
    ("any(B > 2, dim=0)", lambda: (B > 2).any(dim=0)),
    ("all(B > -9)", lambda: (B > -9).all()),
    ("norm(B)", lambda: B.norm()),
    ("norm(x, 1)", lambda: linalg.norm(x, 1)),
    ("norm(x, inf)", lambda: linalg.norm(x, math.inf)),
    ("norm(x, 3)", lambda: linalg.norm(x, 3)),
    ("norm(x, 0)", lambda: linalg.norm(x, 0)),
    ("norm(B, dim=1, keepdim=True)", lambda: linalg.norm(B, dim=1, keepdim=True)),
    ("norm(A, 2)", lambda: linalg.norm(A, 2)),
    ("norm(A, 1)", lambda: linalg.norm(A, 1)),
    ("norm(A, -inf)", lambda: linalg.norm(A, -math.inf)),
    ("logsumexp(B, dim=1)", lambda: torch.logsumexp(B, dim=1)),
    ("logsumexp(1000 * x)", lambda: torch.logsumexp(1000 * x, 0)),
    ("softmax(B)", lambda: torch.softmax(B, -1)),
    ("softmax(1e4 * x)", lambda: torch.softmax(1e4 * x, 0)),
    ("log_softmax(B, dim=0)", lambda: torch.log_softmax(B, 0)),
    ("argmax(t)", lambda: torch.tensor(4)),
    ("argmin(t)", lambda: torch.tensor(1)),
    ("argmax(B, dim=1, keepdim=True)", lambda: torch.argmax(B, dim=1, keepdim=True)),
    ("sort(B, dim=0)", lambda: torch.sort(B, dim=0).values),
    ("argsort(t)", lambda: torch.argsort(t, stable=True)),
    ("argsort(t, descending=True)", lambda: torch.argsort(t, stable=True, descending=True)),
    ("cumsum(B, 0)", lambda: B.cumsum(0)),
    ("cumprod(B, 1)", lambda: B.cumprod(1)),
    ("cumsum(m, 0)", lambda: m.cumsum(0)),
    ("flip(B, 0, 1)", lambda: B.flip(0, 1)),
    ("roll(t, 2)", lambda: t.roll(2)),
    ("roll(B, [1, -1], [0, 1])", lambda: B.roll((1, -1), (0, 1))),
    ("reshape(C, 4, -1)", lambda: C.reshape(4, -1)),
    ("permute(C, 2, 0, 1)", lambda: C.permute(2, 0, 1)),
    ("transpose(C, 0, -1)", lambda: C.transpose(0, -1)),
    ("expand(x, 2, -1)", lambda: x.expand(2, -1)),
    ("stack([x, y], dim=1)", lambda: torch.stack([x, y], dim=1)),
    ("cat([B, B * 2], dim=1)", lambda: torch.cat([B, B * 2], dim=1)),
    ("[x, y]", lambda: torch.stack([x, y])),
    ("gather(A, 1, i[:, None])", lambda: A.gather(1, i[:, None])),
    ("windows(t, 3)", lambda: t.unfold(0, 3, 1)),
    ("windows(C, 2, 2)", lambda: C.unfold(-1, 2, 2)),
    ("one_hot(i, 4)", lambda: F.one_hot(i, 4)),
    ("diag(x)", lambda: torch.diag(x)),
    ("diag(A, 1)", lambda: torch.diag(A, 1)),
    ("diagonal(C, 0, 1, 2)", lambda: C.diagonal(0, 1, 2)),
    ("tril(A)", lambda: A.tril()),
    ("triu(C, 1)", lambda: C.triu(1)),
    ("shape(C)", lambda: torch.tensor(C.shape)),
    ("C.shape[1:]", lambda: torch.tensor(C.shape[1:])),
    ("numel(C)", lambda: torch.tensor(24)),
    ("C.ndim", lambda: torch.tensor(3)),
    ("zeros(2, n)", lambda: torch.zeros(2, 3, dtype=torch.float64)),
    ("ones(shape(x))", lambda: torch.ones(3, dtype=torch.float64)),
    ("full([2], n)", lambda: torch.full([2], 3)),
    ("eye(2, 3)", lambda: torch.eye(2, 3, dtype=torch.float64)),
    ("arange(n)", lambda: torch.arange(3)),
    ("arange(1, 7, 2)", lambda: torch.arange(1, 7, 2)),
    ("arange(0, 1, 0.25)", lambda: torch.arange(0, 1, 0.25, dtype=torch.float64)),
    ("linspace(0, 1, 5)", lambda: torch.linspace(0, 1, 5, dtype=torch.float64)),
    ("A[1]", lambda: A[1]),
    ("C[0, :, i]", lambda: C[0, :, i]),
    ("C[:, i, 1]", lambda: C[:, i, 1]),
    ("C[..., None, -1]", lambda: C[..., None, -1]),
    ("A[m]", lambda: A[m]),
    ("A[A > 1]", lambda: A[A > 1]),
    ("A[i, i]", lambda: A[i, i]),
    ("A[1:, ::2]", lambda: A[1:, ::2]),
    ("C[1, ..., m[0] + 0]", lambda: C[1, ..., 1]),
    ("einsum('ij,jk->ik', A, A)", lambda: torch.einsum("ij,jk->ik", A, A)),
    ("einsum('bij,i->bj', C, x)", lambda: torch.einsum("bij,i->bj", C, x)),
    ("einsum('ii->', A)", lambda: torch.einsum("ii->", A)),
    ("outer(x, t)", lambda: torch.outer(x, t)),
    ("kron(B, A)", lambda: torch.kron(B, A)),
    ("cross(x, y)", lambda: linalg.cross(x, y)),
    ("trace(A)", lambda: A.trace()),
    ("det(A)", lambda: A.det()),
    ("det(C[:, :, :3])", lambda: C[:, :, :3].det()),
    ("inv(A)", lambda: A.inverse()),
    ("pinv(B)", lambda: linalg.pinv(B)),
    ("pinv(L)", lambda: linalg.pinv(L)),
    ("solve(A, x)", lambda: linalg.solve(A, x)),
    ("solve(A, A[:, :2])", lambda: linalg.solve(A, A[:, :2])),
    ("solve([A, A.T], x[:, None])", lambda: linalg.solve(torch.stack([A, A.T]), x[:, None])),
    ("rank(L)", lambda: linalg.matrix_rank(L)),
    ("cholesky(A @ A.T)", lambda: linalg.cholesky(A @ A.T)),
    ("svdvals(B)", lambda: linalg.svdvals(B)),
    ("svdvals(C)", lambda: linalg.svdvals(C)),
    ("eigvalsh(A + A.T)", lambda: linalg.eigvalsh(S)),
    ("cond(A)", lambda: linalg.cond(A)),
    ("cond(A, 1)", lambda: linalg.cond(A, 1)),
    ("low_rank(A, 3)", lambda: A),
    ("upper_triangular(triu(A))", lambda: torch.tensor(True)),
    ("lower_triangular(A)", lambda: torch.tensor(False)),
    ("symmetric(A + A.T)", lambda: torch.tensor(True)),
    ("orthonormal(eye(4, 2))", lambda: torch.tensor(True)),
    ("permutation(i)", lambda: torch.tensor(True)),
    ("sorted(t)", lambda: torch.tensor(False)),
    ("abs(z)", lambda: z.abs()),
    ("z * conj(z) + 1j", lambda: z * z.conj() + 1j),
    ("exp(z) / z", lambda: z.exp() / z),
    ("sqrt(z) + log(z)", lambda: z.sqrt() + z.log()),
    ("real(z**3) + imag(z)", lambda: (z**3).real + z.imag),
    ("x if n > 2 else y", lambda: x),
    ("sum(x) > 0 and not n == 3", lambda: torch.tensor(False)),
    ("pi * e", lambda: torch.tensor(math.pi * math.e, dtype=torch.float64)),
    ("at(x * y, x=2.0)", lambda: 2 * y),
    ("r * x", lambda: 0.25 * x),
]


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_values_are_torch_s(text: str, expected: Callable[[], torch.Tensor]) -> None:
    found, wanted = run(text), expected().resolve_conj().numpy()
    assert found.shape == wanted.shape
    assert found.dtype.kind == wanted.dtype.kind
    np.testing.assert_allclose(found, wanted, rtol=3e-14, atol=3e-15)
