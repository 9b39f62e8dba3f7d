"""A refusal in the words of whoever is refused, wherever they asked: in a terminal, a notebook or pytest."""

from __future__ import annotations

from torchgrade.errors import TorchgradeError
from torchgrade.model.said import said, translated


def refusal(error: TorchgradeError, language: str) -> str:
    """What is refused and what to do about it, in as much of a language as it is said in."""
    message = translated(error.message, language)
    if not error.hint:
        return message
    return f"{message}\n{translated(said('hint: {hint}', hint=error.hint), language)}"
