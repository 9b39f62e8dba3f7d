"""Assignment files into Assignments: the same reader, schema and Diagnostics as exercises have."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import cast

from torchgrade.errors import ExerciseError
from torchgrade.model.assignment import Assignment
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec import faults, yaml
from torchgrade.spec.build import Builder
from torchgrade.spec.document import Plain
from torchgrade.spec.files import text_of
from torchgrade.spec.forms import BUILDERS
from torchgrade.spec.rules import assignment as rules

KIND = "assignment"
NAMES_EXERCISES = re.compile(r"^exercises[:：]", re.MULTILINE)
HAS_ENTRYPOINT = re.compile(r"^entrypoint[:：]", re.MULTILINE)


def load(path: Path, known: Collection[str]) -> Assignment:
    """The assignment in a file; `known` are the ids of the bank. Raises ExerciseError with all Diagnostics."""
    text = text_of(path)
    if isinstance(text, Diagnostic):
        raise ExerciseError((text,))
    return load_text(text, str(path), known)


def load_text(text: str, path: str, known: Collection[str]) -> Assignment:
    """The assignment that a text describes; its id is the file's name. Raises ExerciseError with all Diagnostics."""
    document = yaml.read(text, path, KIND)
    found = document.faults
    if document.data is not None:
        found = tuple(sorted({*found, *faults.check(document)}))
    if found:
        raise ExerciseError(found)
    builder = Builder(forms=BUILDERS, only="")
    made = builder.instance(Assignment, cast("dict[str, Plain]", document.data), id=Path(path).stem, path=path)
    assignment = cast("Assignment", made)
    found = rules.check(rules.Draft(document=document, assignment=assignment, known=tuple(known)))
    if found:
        raise ExerciseError(found)
    return assignment


def looks_like_one(path: Path) -> bool:
    """Whether a file names exercises and no entry point: then an assignment is meant, wherever the file lies."""
    text = text_of(path)
    return isinstance(text, str) and bool(NAMES_EXERCISES.search(text)) and not HAS_ENTRYPOINT.search(text)
