"""Right values with wrong gradients: five answers that an exercise about derivatives must not accept."""

from __future__ import annotations

from collections.abc import Mapping

SABOTAGES: Mapping[str, str] = {
    "doubled": "gradient * 2",
    "negated": "-gradient",
    "zero": "gradient * 0",
    "nan": "gradient * float('nan')",
    "detached": "",
}
"""By name, what becomes of the gradient that flows back through each returned tensor; empty: none flows."""

WRAPPER = """

def _sabotaged_{entrypoint}():
    import torch

    class Sabotage(torch.autograd.Function):
        @staticmethod
        def forward(context, value):
            return value.clone()

        @staticmethod
        def backward(context, gradient):
            return {gradient}

    def spoilt(value):
        if isinstance(value, torch.Tensor):
            return {spoilt}
        if isinstance(value, (list, tuple)):
            return tuple(spoilt(item) for item in value)
        if isinstance(value, dict):
            return {{key: spoilt(item) for key, item in value.items()}}
        return value

    def of(right):
        def {entrypoint}(*arguments):
            return spoilt(right(*arguments))

        return {entrypoint}

    return of({entrypoint})


{entrypoint} = _sabotaged_{entrypoint}()
"""


def sabotaged(source: str, entrypoint: str, sabotage: str) -> str:
    """`source`, a right solution, with the gradients of what its entry point returns spoilt in the way named."""
    gradient = SABOTAGES[sabotage]
    return source + WRAPPER.format(
        entrypoint=entrypoint,
        gradient=gradient or "None",
        spoilt="Sabotage.apply(value)" if gradient else "value.detach()",
    )
