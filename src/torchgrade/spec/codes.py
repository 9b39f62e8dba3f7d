"""What each code of a Diagnostic means: a line, a paragraph, and how it is written wrong and right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

from torchgrade.spec import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An explanation; `wrong` and `right` are parts of what `of` says, or empty where a file cannot show it."""

    summary: str
    about: str
    of: str = "exercise"
    wrong: str = ""
    right: str = ""


def _read() -> Mapping[str, Code]:
    text = (files("torchgrade.spec") / "codes.yaml").read_text(encoding="utf-8")
    data = cast("Mapping[str, Mapping[str, str]]", yaml.read(text, "codes.yaml").data)
    return {code: Code(**fields) for code, fields in data.items()}


CODES: Mapping[str, Code] = _read()
"""Every code, in the order in which files are read and checked."""
