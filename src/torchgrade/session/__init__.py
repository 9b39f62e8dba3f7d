"""Composition: cases, truth, sandbox and judge make attempts; the store keeps those of a class."""

from __future__ import annotations

from torchgrade.session.one import grade
from torchgrade.session.session import Draw, Session, header

__all__ = ["Draw", "Session", "grade", "header"]
