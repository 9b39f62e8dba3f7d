"""The float64 reading agrees with the exact one on shape, kind and value."""

from __future__ import annotations

import numpy as np
import pytest

from torchgrade.formula.approximate import approximate
from torchgrade.formula.evaluate import Scope, evaluate
from torchgrade.formula.parse import parse
from torchgrade.model.value import Scalar, ScalarType, Tensor

DTYPES = {"float64": "<f8", "complex128": "<c16", "int64": "<i8", "bool": "?"}


def tensor(value: np.ndarray) -> Tensor:
    return Tensor(dtype=value.dtype.name, shape=value.shape, data=value.tobytes())


RNG = np.random.default_rng(7)
SCOPE = Scope(
    values={
        "x": tensor(RNG.normal(size=4)),
        "y": tensor(RNG.normal(size=4)),
        "p": tensor(RNG.uniform(0.1, 3, size=4)),
        "A": tensor(RNG.normal(size=(4, 4)) + 3 * np.eye(4)),
        "B": tensor(RNG.normal(size=(2, 4))),
        "C": tensor(RNG.normal(size=(2, 3, 4))),
        "z": tensor(RNG.normal(size=3) + 1j * RNG.normal(size=3)),
        "i": tensor(np.array([3, 0, 1, 2])),
        "m": tensor(np.array([True, False, True, True])),
        "w": tensor(np.array([np.nan, np.inf, -np.inf, 0.0])),
        "n": Scalar(type=ScalarType.INT, value=4),
        "r": Scalar(type=ScalarType.FLOAT, value=0.3),
    },
    lets={"f": parse("sum(x**3) + prod(x)")},
)
FORMULAS = """
x + y * 3 | x / y | x // y | x % y | x**3 | x**-2 | p**y | 2**x | x**2.5 | i // 2 | i % -3 | i / 4 | i**2 | -m
m + m | ~i | exp(x) | expm1(x) | log(p) | log2(p) | log1p(p) | sqrt(p) | log(x) | abs(x) | sign(w) | floor(x)
ceil(x) | round(3*x) | sin(x) | cos(x) | tan(x) | asin(x / 9) | acos(x / 9) | atan(x) | sinh(x) | cosh(x)
tanh(x) | sigmoid(x) | relu(x) | erf(x) | lgamma(x) | clamp(x, -0.5, 0.5) | maximum(x, y) | minimum(w, 0)
where(x > 0, sqrt(x), r) | isnan(w) | isfinite(w) | 1 / w | w - w | float(i) | int(4 * x) | x > y | x == x
sum(C, [0, 2]) | prod(B) | mean(C, 1, keepdim=True) | var(B) | std(C, dim=1) | max(C, dim=0) | min(x) | any(m)
all(m) | sum(m) | norm(x) | norm(B, 1, dim=1) | norm(A, 2) | norm(A, inf) | logsumexp(1000 * x) | softmax(B)
log_softmax(B, 0) | argmax(x) | argmin(B, dim=1) | sort(w) | argsort(x, descending=True) | cumsum(B, 1)
cumprod(x, 0) | flip(x, 0) | roll(x, 1) | reshape(B, 4, 2) | permute(C, 2, 0, 1) | stack([x, i]) | cat([x, y])
[x, m] | gather(x, 0, i) | windows(x, 2) | one_hot(i) | diag(x) | tril(A) | shape(C) | eye(3) | arange(n)
arange(0, 1, r) | linspace(0, 1, 7) | full([2], r) | A[i] | A[m, 1] | C[0, :, i] | A @ x | C @ A
einsum('bij,j->bi', C, x) | outer(x, y) | kron(A, B) | trace(A) | det(A) | inv(A) | solve(A, x) | pinv(B)
rank(A) | cholesky(A @ A.T) | svdvals(A) | eigvalsh(A + A.T) | low_rank(A, 2) | cond(A) | z * conj(z)
exp(z) / z | sqrt(z) | log(z) | abs(z) | real(z**2) | 1 + 2j | pi + e | x if n > 2 else y | grad(f, x)
hessian(f, x) @ x | x * grad(sum(sin(x)), x) | at(grad(f, x), x=y) | symmetric(A @ A.T) | orthonormal(eye(4))
sorted(x) | permutation(i) | i @ i
""".replace("\n", "|")
TEXTS = [text.strip() for text in FORMULAS.split("|") if text.strip()]


def numbers(value: Tensor) -> np.ndarray:
    return np.frombuffer(value.data, dtype=DTYPES[value.dtype]).reshape(value.shape)


@pytest.mark.parametrize("text", TEXTS)
def test_the_float64_reading_is_the_exact_one(text: str) -> None:
    exact, rough = numbers(evaluate(parse(text), SCOPE)), numbers(approximate(parse(text), SCOPE))
    assert (exact.shape, exact.dtype) == (rough.shape, rough.dtype)
    np.testing.assert_allclose(rough, exact, rtol=1e-12, atol=1e-12)


def test_it_is_float64_and_not_the_exact_reading_again() -> None:
    cancelling = parse("(x + 1e16) - 1e16")
    assert numbers(approximate(cancelling, SCOPE))[0] != numbers(evaluate(cancelling, SCOPE))[0]
