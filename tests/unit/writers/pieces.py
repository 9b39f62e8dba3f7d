"""Every writer with what it needs, and what it writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import jsonschema
import xmlschema

from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.kinds import Pages, Writer
from torchgrade.model.report import Header
from torchgrade.writers import WRITERS
from torchgrade.writers.classroom50 import Classroom50, Identity

SCHEMAS = Path(__file__).parents[2] / "data" / "schemas"
IDENTITY = Identity(
    classroom="algebra-2027",
    assignment="week1",
    assignment_type="individual",
    owner="ada",
    submission="submit/20270115T155900Z-0a1b2c3",
    commit="https://github.com/org/algebra-2027-week1-ada/commit/0a1b2c3",
    release="https://github.com/org/algebra-2027-week1-ada/releases/tag/submit%2F20270115T155900Z-0a1b2c3",
    review="https://github.com/org/algebra-2027-week1-ada/compare/1...2",
    datetime="2027-01-15T15:59:00Z",
    username="ada",
    user_id=36,
)
COMPLETE: Mapping[str, Writer] = {
    kind: replace(writer, identity=IDENTITY) if isinstance(writer, Classroom50) else writer
    for kind, writer in WRITERS.items()
}
OF_ONE = ("gradescope", "classroom50")
"""Formats of one submitter."""
FOR_STUDENTS = tuple(kind for kind, writer in WRITERS.items() if writer.audience is Audience.STUDENT)


def fitting(kind: str, attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """The attempts, or the first submitter's where a format takes no others."""
    all_of_them = tuple(attempts)
    if kind not in OF_ONE:
        return all_of_them
    return tuple(takewhile(lambda attempt: attempt.submitter == all_of_them[0].submitter, all_of_them))


def rendered(kind: str, header: Header, attempts: Iterable[Attempt], audience: Audience | None = None) -> bytes:
    """The report, without its pages."""
    writer = COMPLETE[kind]
    asked = writer if audience is None else replace(writer, audience=audience)  # type: ignore[type-var]
    return b"".join(asked.render(header, attempts))


def everything(kind: str, header: Header, attempts: Iterable[Attempt]) -> str:
    """All that a writer writes, its pages and their names included."""
    writer, known = COMPLETE[kind], tuple(attempts)
    pages = writer.pages(header, known) if isinstance(writer, Pages) else ()
    return "\n".join([rendered(kind, header, known).decode(), *(name + page.decode() for name, page in pages)])


def texts(kind: str, report: bytes) -> str:
    """What people see of a report: of JSON the texts in it."""
    text = report.decode()
    return "\n".join(_texts(json.loads(text))) if COMPLETE[kind].filename.endswith(".json") else text


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from _texts([*data, *data.values()])
    elif isinstance(data, list):
        for each in data:
            yield from _texts(each)


def valid_json(name: str, report: bytes) -> Any:
    """The document, which its reader's schema accepts."""
    document = json.loads(report)
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validators.validator_for(schema)(schema).validate(document)
    return document


@cache
def _junit() -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema(SCHEMAS / "junit.xsd")


def validate_junit(report: bytes) -> None:
    """The schema accepts the file, in which no test case is there twice."""
    _junit().validate(report.decode())
