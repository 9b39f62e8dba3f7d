"""torchgrade grades PyTorch exercises: values, gradients, Jacobians and Hessians against exact references."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torchgrade.session import grade

__all__ = ["__version__", "grade"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """`grade` is loaded when it is asked for, so that `import torchgrade` costs nothing."""
    if name == "grade":
        from torchgrade.session import grade

        return grade
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
