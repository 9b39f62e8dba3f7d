"""What a soak hands in: every part of torch that has ever gone wrong after a fork, and what is hostile.

Each is a way to double a tensor. What it does besides must come out right, or it raises AssertionError.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from torchgrade.model.verdict import Verdict

TEXT = """
schema: 1
title: Double
task: Return 2x.
entrypoint: double
parameters: {x: [3]}
reference: 2 * x
cases:
  - {name: by hand, inputs: {x: [1, 2, 3]}, expected: [2, 4, 6]}
limits: {seconds: 1.5, megabytes: 512}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A submission, what must become of it, and how often it comes in relation to the others."""

    name: str
    body: str
    verdict: Verdict = Verdict.ACCEPTED
    weight: float = 1.0

    @property
    def source(self) -> str:
        """The file: `body` is what it does before it returns the right answer."""
        body = textwrap.indent(textwrap.dedent(self.body).strip(), "    ")
        return f"import threading\nimport torch\nfrom torch import nn\n\ndef double(x):\n{body}\n    return 2 * x\n"


KINDS = (
    Kind(
        name="softmax",
        body="""
        y = torch.randn(40, 60, requires_grad=True)
        torch.softmax(y, 1).square().sum().backward()
        assert y.grad.sum(1).abs().max() < 1e-4
        j = torch.autograd.functional.jacobian(lambda z: torch.softmax(z, 0), torch.randn(30))
        assert j.sum(0).abs().max() < 1e-4
        """,
    ),
    Kind(
        name="linear algebra",
        body="""
        a = torch.randn(50, 50, dtype=torch.float64)
        s = a @ a.T + 50 * torch.eye(50, dtype=torch.float64)
        near = lambda p, q: (p - q).abs().max() < 1e-8
        assert near(torch.linalg.inv(s) @ s, torch.eye(50, dtype=torch.float64))
        u, d, v = torch.linalg.svd(s); assert near(u @ torch.diag(d) @ v, s)
        w, q = torch.linalg.eigh(s); assert near(q @ torch.diag(w) @ q.T, s)
        q, r = torch.linalg.qr(s); assert near(q @ r, s)
        l = torch.linalg.cholesky(s); assert near(l @ l.T, s)
        assert near(s @ torch.linalg.solve(s, a), a)
        assert near(s @ torch.linalg.lstsq(s, a).solution, a)
        assert torch.linalg.eigvals(s).real.min() > 0 and torch.linalg.slogdet(s)[0] == 1
        """,
    ),
    Kind(
        name="two threads of OpenMP",
        body="""
        torch.set_num_threads(2)
        y = torch.ones(400_000)
        assert (y + y).sum() == 800_000 and torch.exp(y).max() < 3
        z = torch.ones(300, 300)
        assert (z @ z).eq(300).all()
        """,
    ),
    Kind(
        name="jacrev and hessian",
        body="""
        y = torch.randn(8, dtype=torch.float64)
        assert torch.allclose(torch.func.jacrev(lambda t: t**2)(y), torch.diag(2 * y))
        assert torch.allclose(torch.func.hessian(lambda t: (t**3).sum())(y), torch.diag(6 * y))
        """,
    ),
    Kind(
        name="vmap of grad",
        body="""
        y = torch.randn(16, 4)
        assert torch.allclose(torch.func.vmap(torch.func.grad(lambda t: (t * t).sum()))(y), 2 * y)
        """,
    ),
    Kind(
        name="Adam",
        body="""
        torch.manual_seed(0)
        net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
        step = torch.optim.Adam(net.parameters(), lr=0.05)
        given = torch.randn(32, 3); wanted = given.sum(1, keepdim=True)
        losses = []
        for _ in range(10):
            step.zero_grad(); loss = nn.functional.mse_loss(net(given), wanted); loss.backward(); step.step()
            losses.append(loss.item())
        assert losses[-1] < losses[0]
        """,
    ),
    Kind(
        name="convolution",
        body="""
        y = torch.ones(1, 1, 16, 16, requires_grad=True)
        z = nn.functional.conv2d(y, torch.ones(1, 1, 3, 3))
        z.sum().backward()
        assert z.eq(9).all() and y.grad[0, 0, 8, 8] == 9
        """,
    ),
    Kind(
        name="attention",
        body="""
        q = torch.randn(2, 4, 10, 8, requires_grad=True)
        v = torch.ones(2, 4, 10, 8)
        z = nn.functional.scaled_dot_product_attention(q, q, v)
        z.sum().backward()
        assert torch.allclose(z, v)
        """,
    ),
    Kind(
        name="einsum and fft",
        body="""
        y = torch.randn(12, 12, dtype=torch.float64)
        assert torch.allclose(torch.einsum('ij,jk->ik', y, y), y @ y)
        assert torch.allclose(torch.fft.ifft2(torch.fft.fft2(y)).real, y)
        """,
    ),
    Kind(
        name="a Function of its own",
        body="""
        class Square(torch.autograd.Function):
            @staticmethod
            def forward(ctx, t): ctx.save_for_backward(t); return t * t
            @staticmethod
            def backward(ctx, g): return 2 * ctx.saved_tensors[0] * g
        y = torch.randn(5, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(Square.apply, y)
        """,
    ),
    Kind(
        name="checkpoint",
        body="""
        from torch.utils.checkpoint import checkpoint
        y = torch.ones(6, requires_grad=True)
        checkpoint(lambda t: torch.exp(t).sum(), y, use_reentrant=True).backward()
        assert torch.allclose(y.grad, torch.exp(y))
        """,
    ),
    Kind(
        name="three threads",
        body="""
        found = []
        def work():
            y = torch.randn(20, 20, dtype=torch.float64, requires_grad=True)
            s = y @ y.T + 20 * torch.eye(20, dtype=torch.float64)
            torch.linalg.inv(s).sum().backward()
            found.append(bool(torch.isfinite(y.grad).all()))
        threads = [threading.Thread(target=work) for _ in range(3)]
        for each in threads: each.start()
        for each in threads: each.join()
        assert found == [True] * 3
        """,
    ),
    Kind(name="prints", body="for i in range(200): print('é' * 100, i)"),
    Kind(name="an exception", body="raise ValueError('no')", verdict=Verdict.RUNTIME_ERROR),
    Kind(name="no Python", body="this is no Python", verdict=Verdict.INVALID_SUBMISSION),
    Kind(name="a wrong answer", body="x = x + 1", verdict=Verdict.WRONG_ANSWER, weight=0.5),
    Kind(name="a crash", body="import ctypes; ctypes.string_at(0)", verdict=Verdict.RUNTIME_ERROR, weight=0.5),
    Kind(
        name="a memory bomb",
        body="hoard = []\nwhile True: hoard.append(torch.ones(2**23))",
        verdict=Verdict.MEMORY_LIMIT_EXCEEDED,
        weight=0.3,
    ),
    Kind(name="a flood", body="while True: print('x' * 2**20)", verdict=Verdict.OUTPUT_LIMIT_EXCEEDED, weight=0.1),
    Kind(name="an endless loop", body="while True: pass", verdict=Verdict.TIME_LIMIT_EXCEEDED, weight=0.05),
)
_ONCE = 2


def mixed(count: int, seed: int) -> Iterator[Kind]:
    """So many submissions: every kind once or more, then by chance and weight."""
    chance = Random(seed)  # noqa: S311
    first = [kind for kind in KINDS for _ in range(_ONCE if kind.weight == 1.0 else 1)][:count]
    rest = chance.choices(KINDS, [kind.weight for kind in KINDS], k=count - len(first))
    everything = [*first, *rest]
    chance.shuffle(everything)
    yield from everything
