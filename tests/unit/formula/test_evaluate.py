"""Values of formulas against torch in float64, kinds, special values, bounds and messages."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import torch

from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import Scope, evaluate, scope_of, target
from torchgrade.formula.parse import parse
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Exercise, Formula
from torchgrade.model.text import Text
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


def elementwise(argument: str, *names: str) -> list[tuple[str, Callable[[], torch.Tensor]]]:
    """Functions that have torch's names."""
    value = {"x": x, "p": p, "x / 3": x / 3}[argument]
    return [(f"{name}({argument})", partial(getattr(torch, name), value)) for name in names]


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
    *elementwise("x", "exp", "expm1", "abs", "sign", "floor", "ceil"),
    *elementwise("x", "sin", "cos", "tan", "atan", "sinh", "cosh"),
    *elementwise("x", "tanh", "sigmoid", "erf", "relu", "round"),
    *elementwise("p", "log", "log2", "log1p", "sqrt", "lgamma"),
    *elementwise("x / 3", "asin", "acos", "lgamma"),
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
    ("softmax([inf, 0, 1])", lambda: torch.softmax(torch.tensor([math.inf, 0, 1], dtype=torch.float64), 0)),
    ("softmax([-inf, 0, 1])", lambda: torch.softmax(torch.tensor([-math.inf, 0, 1], dtype=torch.float64), 0)),
    ("log_softmax([inf, 0])", lambda: torch.log_softmax(torch.tensor([math.inf, 0], dtype=torch.float64), 0)),
    ("log_softmax([-inf, 0])", lambda: torch.log_softmax(torch.tensor([-math.inf, 0], dtype=torch.float64), 0)),
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


EXACTLY = [
    ("x / x", [1.0, 1.0, 1.0]),
    ("0 * w", [math.nan, 0.0, math.nan, math.nan, 0.0]),
    ("w / w", [math.nan, 1.0, math.nan, math.nan, math.nan]),
    ("x // 0", [math.inf, -math.inf, math.inf]),
    ("x % 0", [math.nan] * 3),
    ("w**0", [1.0] * 5),
    ("exp(log(x))", [0.5, math.nan, 2.0]),
    ("logsumexp([1e4, 1e4])", 1e4 + math.log(2)),
    ("(x + 1e30) - 1e30", [0.5, -1.25, 2.0]),
    ("0.1 + 0.2", 0.3),
    ("1/3", 1 / 3),
    ("ceil(log2([1/8, 8.0, 1024.0, 1e300 * 0 + 4]))", [-3.0, 3.0, 10.0, 2.0]),
    ("exp(1000) / exp(999)", math.e),
    ("exp(-1e6) * exp(1e6)", 1.0),
    ("sum(exp(-1e9 * x[:1]))", 0.0),
    ("sin(1e-300) / 1e-300", 1.0),
    ("tanh(1e300)", 1.0),
    ("atan(-inf) + pi / 2", 0.0),
    ("(2**70 + 1) // 2**62", 256),
    ("2**62 + 1", 2**62 + 1),
    ("k // 1 - k", [[0, 0, 0], [0, 0, 0]]),
    ("where(n > 2, 7, 7 // (n - 3))", 7),
    ("where([True, False], [1, 2], [1, 2] // 0 if n > 5 else 0)", [1, 0]),
    ("where(n > 2, x[0], inv(zeros(2, 2))[0, 0])", 0.5),
    ("where([1, 0] > 0, [1, 1], [1, 1] // [0, 1])", [1, 1]),
    ("where(isnan(w), 0, w)", [0.0, 1.0, -math.inf, math.inf, 0.0]),
    ("1 if n == 3 or inv(zeros(2, 2))[0, 0] > 0 else 2", 1),
    ("argmax([1.0, nan, 2.0])", 1),
    ("sort([3, 1, 2], descending=True)", [3, 2, 1]),
    ("max(x, dim=0, keepdim=True)", [2.0]),
    ("sum(zeros(0))", 0.0),
    ("prod(zeros(0, 2), 0)", [1.0, 1.0]),
    ("mean(zeros(0))", math.nan),
    ("zeros(2, 0) @ zeros(0, 3)", [[0.0] * 3] * 2),
    ("det(zeros(0, 0))", 1.0),
    ("inv(zeros(0, 0))", np.zeros((0, 0))),
    ("svdvals(zeros(2, 2))", [0.0, 0.0]),
    ("rank(zeros(2, 2))", 0),
    ("det([[1, 2], [2, 4]])", 0.0),
    ("cumsum(zeros(0), 0)", []),
    ("[]", []),
    ("low_rank([[3, 0], [0, 1]], 1)", [[3.0, 0.0], [0.0, 0.0]]),
    ("sum([True, True])", 2),
    ("True + True", 2),
    ("int(-2.7)", -2),
    ("one_hot([1, 0])", [[0, 1], [1, 0]]),
]


@pytest.mark.parametrize(("text", "expected"), EXACTLY, ids=[text for text, _ in EXACTLY])
def test_special_values_are_exact(text: str, expected: object) -> None:
    found, wanted = run(text), np.array(expected)
    assert found.dtype.kind == wanted.dtype.kind
    np.testing.assert_array_equal(found, wanted)


KINDS = [
    ("i + 1", "int64"),
    ("i + 1.0", "float64"),
    ("i / 1", "float64"),
    ("i * m", "int64"),
    ("m & m", "bool"),
    ("m * m", "int64"),
    ("-m", "int64"),
    ("i**2", "int64"),
    ("i // 2.0", "float64"),
    ("x + 1j", "complex128"),
    ("abs(z)", "float64"),
    ("mean(i)", "float64"),
    ("sum(i)", "int64"),
    ("max(i)", "int64"),
    ("max(m)", "bool"),
    ("sqrt(i)", "float64"),
    ("round(i)", "int64"),
    ("relu(i)", "int64"),
    ("where(m, i, 0)", "int64"),
    ("where(m, i, 0.0)", "float64"),
    ("where(m, m, ~m)", "bool"),
    ("cat([i, x])", "float64"),
    ("[n, 2]", "int64"),
    ("clamp(i, 0, 1)", "int64"),
    ("i @ i", "int64"),
    ("diag(m)", "bool"),
    ("tril(k)", "int64"),
    ("det(eye(2))", "float64"),
    ("det([[1, 2], [3, 4]])", "float64"),
    ("sort(m)", "bool"),
    ("numel(x)", "int64"),
    ("r", "float64"),
    ("n", "int64"),
    ("outer(i, i)", "int64"),
]


@pytest.mark.parametrize(("text", "dtype"), KINDS)
def test_kinds_are_torch_s(text: str, dtype: str) -> None:
    assert evaluate(parse(text), SCOPE).dtype == dtype


FAULTS = [
    ("x + [1, 2]", "formula-shape", r"\+: shapes \[3\] and \[2\] do not fit together", (0, 10)),
    ("1 + sum(x @ B)", "formula-shape", r"\[3\] @ \[2, 4\]: the inner sizes 3 and 2 differ", (8, 13)),
    ("2 @ x", "formula-shape", "@ needs axes on both sides", (0, 5)),
    ("sum(x, 1)", "formula-shape", r"there is no axis 1: this has shape \[3\]", (0, 9)),
    ("x[3]", "formula-shape", r"this index does not fit shape \[3\]", (2, 3)),
    ("x[0, 0]", "formula-shape", r"too many indices for shape \[3\]", (0, 7)),
    ("x[y]", "formula-kind", "an index needs integers, not float", (0, 4)),
    ("x.T", "formula-shape", r".T needs two axes, not shape \[3\]", (0, 3)),
    ("reshape(x, 2, 2)", "formula-shape", r"3 elements of shape \[3\] do not fit into \[2, 2\]", (0, 16)),
    ("expand(x, 2)", "formula-shape", r"shape \[3\] does not expand to \[2\]", (0, 12)),
    ("[x, t]", "formula-shape", r"a stack needs one shape, not \[3\] and \[5\]", (0, 6)),
    ("cat([B, x])", "formula-shape", "cat: shapes", (0, 11)),
    ("gather(x, 0, i + 2)", "formula-shape", "gather: an index is outside 0 to 2", (0, 19)),
    ("windows(x, 4)", "formula-shape", "windows of 4 by 1 do not fit", (0, 13)),
    ("inv(B)", "formula-shape", r"inv needs a square matrix, not shape \[2, 4\]", (0, 6)),
    ("solve(A, t)", "formula-shape", r"solve: \[3, 3\] does not fit a right side of shape \[5\]", (0, 11)),
    ("einsum('ij,jk->ik', A, B)", "formula-shape", "einsum 'ij,jk->ik' does not fit shapes", (0, 25)),
    ("zeros(-1)", "formula-shape", r"a size is negative: \[-1\]", (0, 9)),
    ("inv(zeros(2, 2))", "formula-domain", "the matrix is singular", (0, 16)),
    ("cholesky(-eye(2))", "formula-domain", "the matrix is not positive definite", (0, 17)),
    ("n // 0", "formula-domain", "an integer was divided by zero", (0, 0)),
    ("2**(-n)", "formula-domain", "an integer", (0, 0)),
    ("int(w)", "formula-domain", "an integer", (0, 0)),
    ("max(zeros(0))", "formula-domain", "max of no elements", (0, 13)),
    ("one_hot(i, 2)", "formula-domain", "one_hot: an integer is outside 0 to 1", (0, 13)),
    ("x & m", "formula-kind", "& is for bools and integers", (0, 5)),
    ("~x", "formula-kind", "~ is for bools and integers", (0, 2)),
    ("z < 1", "formula-kind", "< is not for complex numbers", (0, 5)),
    ("tanh(z)", "formula-kind", "tanh is not computed for complex numbers", (0, 7)),
    ("imag(x)", "formula-kind", "imag is for complex numbers", (0, 7)),
    ("where(x, 1, 2)", "formula-kind", "where needs a bool condition, not float", (0, 14)),
    ("eye(r)", "formula-kind", "an integer is needed here, not a float", (4, 5)),
    ("sum(x, dim=y)", "formula-kind", "a list of sizes needs integers, not float", (0, 13)),
    ("permutation(x)", "formula-kind", "permutation needs a vector of integers", (0, 14)),
    ("1 if x > 0 else 2", "formula-not-a-number", r"one bool is needed here, not shape \[3\]", (5, 10)),
    ("x > 0 and True", "formula-not-a-number", r"one bool is needed here, not shape \[3\]", (0, 5)),
    ("zeros(2000, 2000)", "formula-too-large", r"has more than 1,000,000 elements", (0, 17)),
    ("ones(2000)[:, None] * ones(2000)", "formula-too-large", "larger than 1,000,000 elements", (0, 32)),
    ("n**n**n**n", "formula-too-large", "this power is too large", (0, 10)),
    ("prod(full([300], 9**900))", "formula-too-large", "this product is too large", (0, 25)),
    ("cumprod(full([300], 9**900), 0)", "formula-too-large", "this product is too large", (0, 31)),
    ("arange(x)", "formula-kind", r"a real number is needed here, not shape \[3\]", (7, 8)),
    ("norm(A, x)", "formula-kind", "a real number is needed here", (8, 9)),
    ("cat(a)", "formula-kind", "a list is needed here", (4, 5)),
    ("2**64", "formula-too-large", "does not fit into 64 bits", (0, 0)),
    ("kron(ones(2000), ones(2000))", "formula-too-large", "kron: the result is larger", (0, 28)),
    ("eye(300) @ eye(300)", "formula-too-large", "this formula takes too much work", (0, 19)),
    ("nowhere + 1", "formula-unknown-name", "nowhere has no value here", (0, 7)),
    ("s + 1", "formula-kind", "s is a symbol, not a number or tensor", (0, 0)),
    ("bad + 1", "formula-shape", "bad: .*do not fit together", (0, 3)),
    ("round_and_round", "formula-unknown-name", "is defined by itself", None),
    ("low_rank(A, 4)", "formula-arguments", r"low_rank: k is 4, and the matrix has shape \[3, 3\]", (0, 14)),
    ("x.grad", "formula-unknown-name", "nothing was observed of x", (0, 6)),
]


@pytest.mark.parametrize(("text", "code", "message", "place"), FAULTS, ids=[row[0][:40] for row in FAULTS])
def test_what_cannot_be_computed_is_refused(text: str, code: str, message: str, place: tuple[int, int] | None) -> None:
    lets = {"bad": parse("x + t"), "round_and_round": parse("round_and_round + 1")}
    symbol = Scalar(type=ScalarType.SYMBOL, value="s")
    scope = Scope(values={**SCOPE.values, "s": symbol}, lets=lets)
    with pytest.raises(FormulaError, match=message) as caught:
        evaluate(parse(text), scope)
    assert caught.value.code == code
    assert place is None or (caught.value.start, caught.value.end) == place


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "int8", "uint8", "bool", "complex64"])
def test_every_dtype_is_read_bit_by_bit(dtype: str) -> None:
    value = torch.tensor([0.1, 1.0, 3.0]).to(getattr(torch, dtype))
    raw = value.view(torch.uint16) if dtype == "bfloat16" else value
    found = run("x", Scope(values={"x": Tensor(dtype=dtype, shape=(3,), data=raw.numpy().tobytes())}))
    wide = {"f": "float64", "b": "float64", "i": "int64", "u": "int64", "c": "complex128"}[dtype[0]]
    wanted = value.numpy() if dtype == "bool" else value.to(getattr(torch, wide)).numpy()
    np.testing.assert_array_equal(found, wanted)


def test_unused_values_may_be_anything() -> None:
    scope = Scope(values={"x": number(2.0), "s": Scalar(type=ScalarType.STR, value="text")})
    assert run("x + 1", scope) == 3.0


def test_lets_are_read_once_and_pass_through() -> None:
    scope = Scope(values={"x": number(2.0)}, lets={"f": parse("x**2"), "g": parse("f + f")})
    assert run("g * f", scope) == 32.0


def test_a_target_has_value_scale_and_condition() -> None:
    found = target(parse("3*x"), SCOPE)
    assert isinstance(found.value, Tensor)
    np.testing.assert_allclose(numbers(found.value), 3 * x.numpy())
    assert found.scale == 6.0
    assert 3.0 <= found.condition <= 6.0
    assert found.amplified == found.error == 0.0


def test_a_scope_has_inputs_dims_and_lets() -> None:
    exercise = Exercise(
        id="tensor/one", title=Text((("en", "One"),)), task=Text((("en", "One."),)), entrypoint="one",
        let={"half": Formula("x / d")}, digest="",
    )  # fmt: skip
    case = Case(
        name="c", group="c", origin=Origin.GIVEN, visible=True, dtype="float32", dims={"d": 2},
        inputs={"x": number(3.0)}, expected={},
    )  # fmt: skip
    assert run("half + d", scope_of(exercise, case)) == 3.5


def test_values_of_any_size_are_not_read() -> None:
    value = Tensor(dtype="uint8", shape=(100_001,), data=bytes(100_001))
    with pytest.raises(FormulaError, match="x has more than 100,000 elements"):
        evaluate(parse("sum(x)"), Scope(values={"x": value}))
    with pytest.raises(FormulaError, match="x has more than 100,000 elements"):
        evaluate(parse("sum(x.after)"), Scope(values={}, observed={"x": value}))
