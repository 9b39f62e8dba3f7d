"""Scale, condition and amplification: right algorithms stay inside what is allowed, wrong ones do not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from torchgrade.formula.evaluate import Scope, gradient_targets, target
from torchgrade.formula.parse import parse
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Target
from torchgrade.model.value import Tensor

EPS = {torch.float32: 2.0**-23, torch.float64: 2.0**-52}


def tensor(value: torch.Tensor) -> Tensor:
    return Tensor(dtype=str(value.dtype).removeprefix("torch."), shape=tuple(value.shape), data=value.numpy().tobytes())


def allowed(found: Target, eps: float) -> float:
    return 64 * eps * (found.scale + found.condition) + eps * found.amplified + found.error


def run(text: str, **values: object) -> Target:
    tensors = {name: tensor(torch.as_tensor(value, dtype=torch.float64)) for name, value in values.items()}
    return target(parse(text), Scope(values=tensors))


CONDITIONS = [
    ("sum(x)", 3.5, 3.5),
    ("x[0] - x[1]", 0.5, 2.5),
    ("x[0] - x[0]", 2.5, 0.0),
    ("prod(x)", 3.0, 9.0),
    ("(x[0] - 1) * 1e6", 0.0, 1e6),
    ("exp(100 * x[0])", np.exp(100), 100 * np.exp(100)),
    ("x @ x - 7.25", 4.5, 14.5),
]


@pytest.mark.parametrize(("text", "scale", "condition"), CONDITIONS)
def test_the_condition_is_about_the_sum_of_what_each_input_contributes(
    text: str, scale: float, condition: float
) -> None:
    found = run(text, x=[1.0, -1.5, 2.0] if "[1]" in text or "sum" not in text else [1.0, 0.5, 2.0])
    if "x[0] - x[0]" in text:
        assert found.scale == found.condition == 0.0
        return
    assert 0.1 * condition <= found.condition <= condition * (1 + 1e-9)
    if scale and "@" not in text:
        assert found.scale == pytest.approx(abs(found_scale(text)))


def found_scale(text: str) -> float:
    values = {"sum(x)": 3.5, "x[0] - x[1]": 2.5, "prod(x)": 3.0, "exp(100 * x[0])": np.exp(100)}
    return float(values[text])


def test_a_truth_of_zero_has_the_scale_of_its_terms() -> None:
    found = run("x @ y", x=[1.0, 1e8], y=[1e8, -1.0])
    assert found.scale == found.condition > 4e7


def test_integers_and_bools_are_exact() -> None:
    assert run("x > 0", x=[1.0]).condition == run("argmax(x)", x=[1.0, 2.0]).condition == 0.0


def test_equal_terms_of_opposite_sign_do_not_hide_each_other() -> None:
    found = run("x[0] - x[1]", x=[1e8, 1e8])
    assert found.condition > 1e6


def badly(n: int, kappa: float, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    left, _ = torch.linalg.qr(torch.randn(n, n, dtype=torch.float64, generator=generator))
    right, _ = torch.linalg.qr(torch.randn(n, n, dtype=torch.float64, generator=generator))
    return left @ torch.diag(torch.logspace(0, -np.log10(kappa), n, dtype=torch.float64)) @ right


SOLVERS = {
    "solve": lambda a, b: torch.linalg.solve(a, b),
    "inverse": lambda a, b: torch.linalg.inv(a) @ b,
    "lu": lambda a, b: torch.linalg.lu_solve(*torch.linalg.lu_factor(a), b[:, None])[:, 0],
    "qr": lambda a, b: torch.linalg.solve_triangular((qr := torch.linalg.qr(a))[1], (qr[0].T @ b)[:, None], upper=True)[
        :, 0
    ],
    "lstsq": lambda a, b: torch.linalg.lstsq(a, b[:, None]).solution[:, 0],
    "svd": lambda a, b: torch.linalg.pinv(a, rtol=0.0) @ b,
}


SOLVED = [(torch.float32, power) for power in (1, 2, 4, 6)] + [
    (torch.float64, power) for power in (1, 2, 4, 6, 8, 10, 12)
]
"""Beyond 1e6 nothing can be told in float32."""


@pytest.mark.parametrize(("dtype", "power"), SOLVED)
def test_every_right_linear_solve_is_within_what_is_allowed(power: int, dtype: torch.dtype) -> None:
    for seed in range(3):
        n = 3 + seed
        a, b = badly(n, 10.0**power, seed).to(dtype), torch.linspace(1, 2, n).to(dtype)
        found = target(parse("solve(A, b)"), Scope(values={"A": tensor(a), "b": tensor(b)}))
        truth = np.frombuffer(found.value.data)  # type: ignore[union-attr]
        room = allowed(found, EPS[dtype])
        for name, solver in SOLVERS.items():
            assert np.abs(solver(a, b).double().numpy() - truth).max() <= room, name
        if (dtype is torch.float32 and power <= 4) or (dtype is torch.float64 and power <= 12):
            assert room <= 0.1 * found.scale, "a case of this condition must be decided"


def test_wrong_solves_are_outside_what_is_allowed() -> None:
    a, b = badly(4, 1e4, 0).float(), torch.linspace(1, 2, 4)
    found = target(parse("solve(A, b)"), Scope(values={"A": tensor(a), "b": tensor(b)}))
    truth = np.frombuffer(found.value.data)  # type: ignore[union-attr]
    wrong = [torch.linalg.solve(a.T, b), b, torch.zeros(4), torch.linalg.solve(a, b) * 1.2]
    assert all(np.abs(each.numpy() - truth).max() > allowed(found, EPS[torch.float32]) for each in wrong)


def test_a_system_is_amplified_by_four_n_kappa() -> None:
    found = run("solve(A, b)", A=[[1.0, 0.0], [0.0, 0.25]], b=[3.0, 1.0])
    assert found.amplified == pytest.approx(4 * 2 * 4.0 * 4.0)
    plain = run("A @ b", A=[[1.0, 0.0], [0.0, 0.25]], b=[3.0, 1.0])
    assert plain.amplified == 0.0


def test_gradients_of_systems_are_within_what_is_allowed() -> None:
    probe = Probe(op=ProbeOp.GRADIENT, case="c", of="result", wrt=("A", "b"), cotangent=(2, -1, 3), full=4)
    for power in (1, 3, 6):
        a = badly(4, 10.0**power, power).requires_grad_()
        b = torch.linspace(1, 2, 4, dtype=torch.float64).requires_grad_()
        scope = Scope(values={"A": tensor(a.detach()), "b": tensor(b.detach())})
        found = gradient_targets({"result": parse("inv(A) @ b")}, scope, probe)
        weights = torch.tensor([2.0, -1, 3, 2], dtype=torch.float64)
        for solver in ("solve", "inverse"):
            grads = torch.autograd.grad(SOLVERS[solver](a, b) @ weights, (a, b))
            for name, grad in zip("Ab", grads, strict=True):
                truth = np.frombuffer(found.value[name].value.data).reshape(grad.shape)  # type: ignore[union-attr]
                room = allowed(found.value[name], EPS[torch.float64])
                assert np.abs(grad.numpy() - truth).max() <= room <= 1e-3 * found.value[name].scale


GRADIENTS = {
    "relu(x) * 2": lambda x: torch.relu(x) * 2,
    "x**3 / 7": lambda x: x**3 / 7,
    "log(sum(exp(x)))": lambda x: x.exp().sum().log(),
    "x / norm(x)": lambda x: x / x.norm(),
    "cumsum(x * x, 0)": lambda x: (x * x).cumsum(0),
}
WRONG = {
    "doubled": lambda g: 2 * g,
    "negated": lambda g: -g,
    "zero": lambda g: 0 * g,
    "one part in a thousand": lambda g: g * 1.001,
    "five parts in a million, added": lambda g: g + 5e-6,
    "noise": lambda g: g + 1e-6 * torch.linspace(-1, 1, g.numel(), dtype=g.dtype),
}


@pytest.mark.parametrize("text", GRADIENTS)
def test_right_gradients_are_accepted_in_float64_and_gradcheck_s_false_accepts_are_not(text: str) -> None:
    function = GRADIENTS[text]
    probe = Probe(op=ProbeOp.GRADIENT, case="c", of="result", wrt=("x",), cotangent=(2, -1, 3, 1, -3), full=0)
    generator = torch.Generator().manual_seed(1)
    for _ in range(10):
        x = torch.randn(5, dtype=torch.float64, generator=generator).requires_grad_()
        found = gradient_targets({"result": parse(text)}, Scope(values={"x": tensor(x.detach())}), probe).value["x"]
        result = function(x)
        weights = torch.tensor([2.0, -1, 3, 1, -3], dtype=torch.float64)[: result.numel()].reshape(result.shape)
        [grad] = torch.autograd.grad((result * weights).sum(), x)
        truth = np.frombuffer(found.value.data)  # type: ignore[union-attr]
        room = allowed(found, EPS[torch.float64])
        assert np.abs(grad.numpy() - truth).max() <= room
        for name, spoil in WRONG.items():
            assert np.abs(spoil(grad).numpy() - truth).max() > room, name


def test_a_derivative_that_is_nothing_but_noise_of_differences_is_zero() -> None:
    probe = Probe(op=ProbeOp.GRADIENT, case="", of="result", wrt=("x",), cotangent=(2, -1), full=8)
    zeros = {"x": tensor(torch.zeros(3, dtype=torch.float64))}
    found = gradient_targets({"result": parse("3 * x**3")}, Scope(values=zeros), probe)
    for target_ in (found.value["x"], found.full["x"]):
        assert isinstance(target_.value, Tensor)
        assert not any(target_.value.data)
        assert allowed(target_, EPS[torch.float64]) < 1e-40
    assert run("grad(sum(x**3), x)", x=[0.0, 0.0]).value == tensor(torch.zeros(2, dtype=torch.float64))


def test_a_small_value_without_derivatives_is_no_noise() -> None:
    assert run("exp(-150 * x)", x=[1.0]).scale == pytest.approx(np.exp(-150))
