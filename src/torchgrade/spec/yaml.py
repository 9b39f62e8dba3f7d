"""Strict YAML: from text to plain data with the place of every key and value, within limits.

Read from the parser's events, so that limits hold before anything is built. Refused are null, duplicate keys, keys
that are not text, tags, merge keys, directives and a second document: nothing in a file is silently something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, Union, cast

import yaml
from yaml import events

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec import scalars, slips, traps
from torchgrade.spec.document import Document, Mark, Page, Plain, Route

MAX_BYTES = 2_000_000
MAX_DEPTH = 64
MAX_ALIASES = 200
MAX_NODES = 100_000

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
INVISIBLE = "\u200b\u2060\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
FORBIDDEN = re.compile(f"[{INVISIBLE}\ufffe\uffff\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


Content: TypeAlias = Union[events.ScalarEvent, events.SequenceStartEvent, events.MappingStartEvent]
Node: TypeAlias = Union[Content, events.AliasEvent]
REFUSED = "\0"
"""Begins the name of a field that is read for its faults only."""


class StoppedError(Exception):
    """Reading cannot go on."""

    def __init__(self, fault: Diagnostic) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A named node: its data, where it stands, and which of the recorded places are its own (`last` < 0: not ended)."""

    data: Plain
    path: Route
    first: int
    last: int


@dataclass(slots=True, kw_only=True)
class Reader:
    """What is known so far of one text."""

    page: Page
    stream: Iterator[events.Event]
    faults: list[Diagnostic] = field(default_factory=list)
    blamed: set[Route] = field(default_factory=set)
    places: list[tuple[Route, Mark]] = field(default_factory=list)
    keys: dict[Route, Mark] = field(default_factory=dict)
    anchors: dict[str, Anchor] = field(default_factory=dict)
    aliases: int = 0
    end: int = 0

    def document(self) -> Plain:
        """The one document of the stream."""
        next(self.stream)
        start = next(self.stream)
        if not isinstance(start, events.DocumentStartEvent):
            raise self.nothing()
        if start.version or start.tags:
            self.blame((), self.page.fault("yaml-directive", "a YAML directive: leave it out", span(start)))
        data = self.node(self.begin(), ())
        if data is None and not self.faults:
            raise self.nothing()
        next(self.stream)
        after = next(self.stream)
        if isinstance(after, events.DocumentStartEvent):
            message = f"a second document begins here: one file is one {self.page.kind}"
            self.blame((), self.page.fault("several-documents", message, span(after), hint="make it a file of its own"))
        return data

    def nothing(self) -> StoppedError:
        """The fault of a file without a value."""
        return StoppedError(self.page.fault("empty-file", "the file says nothing", Mark(start=0, end=0)))

    def begin(self) -> Node:
        """The event that begins a value."""
        return cast("Node", next(self.stream))

    def blame(self, path: Route, fault: Diagnostic) -> None:
        """Keep a fault and what it is about."""
        self.faults.append(fault)
        self.blamed.add(path)

    def count(self, more: int, mark: Mark) -> None:
        """Refuse a file that would have too many values."""
        if len(self.places) + more > MAX_NODES:
            message = f"more than {MAX_NODES:,} values, with every alias written out"
            raise StoppedError(self.page.fault("too-many-values", message, mark))

    def node(self, event: Node, path: Route) -> Plain:
        """The data that begins with an event."""
        mark, first = span(event), len(self.places)
        self.count(1, mark)
        if isinstance(event, events.AliasEvent):
            return self.alias(event, path)
        self.places.append((path, mark))
        if event.tag is not None:
            self.blame(path, traps.tag(self.page, mark))
        if event.anchor is None:
            return self.content(event, path, first)
        self.anchors[event.anchor] = Anchor(data=None, path=path, first=first, last=-1)
        data = self.content(event, path, first)
        self.anchors[event.anchor] = Anchor(data=data, path=path, first=first, last=len(self.places))
        return data

    def content(self, event: Content, path: Route, first: int) -> Plain:
        """A scalar's value, or what stands between a collection's start and end."""
        if isinstance(event, events.ScalarEvent):
            return self.scalar(event, path)
        start = span(event)
        if len(path) >= MAX_DEPTH:
            raise StoppedError(self.page.fault("too-deep", f"nested more than {MAX_DEPTH} deep", start))
        is_mapping = isinstance(event, events.MappingStartEvent)
        style = ("{" if is_mapping else "[") if event.flow_style else "block"
        data = self.mapping(path, style) if is_mapping else self.sequence(path, style)
        self.places[first] = (path, Mark(start=start.start, end=max(start.end, self.end), style=style))
        return data

    def alias(self, event: events.AliasEvent, path: Route) -> Plain:
        """The data of an anchor once more; its parts are pointed at where they are written."""
        mark, anchor = span(event), self.anchors.get(str(event.anchor))
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise StoppedError(self.page.fault("too-many-aliases", f"more than {MAX_ALIASES} aliases", mark))
        self.places.append((path, mark))
        if anchor is None:
            self.blame(path, traps.unknown_alias(self.page, mark))
            return None
        if anchor.last < 0:
            message = f"`*{event.anchor}` stands inside what it names, without an end"
            raise StoppedError(self.page.fault("recursive-alias", message, mark))
        self.count(anchor.last - anchor.first, mark)
        for inner, place in self.places[anchor.first + 1 : anchor.last]:
            copy = path + inner[len(anchor.path) :]
            self.places.append((copy, place))
            if inner in self.keys:
                self.keys[copy] = self.keys[inner]
        return anchor.data

    def scalar(self, event: events.ScalarEvent, path: Route) -> Plain:
        """Text, or what plain text means."""
        mark, text = span(event), str(event.value)
        if mark.style:
            fault = traps.escape_in_math(self.page, mark) if mark.style == '"' else None
            if fault:
                self.blame(path, fault)
            return text
        try:
            return scalars.read(text)
        except OverflowError as problem:
            self.blame(path, self.page.fault("number-out-of-range", str(problem), mark, hint="give it as a formula"))
            return 0

    def sequence(self, path: Route, style: str) -> Plain:
        """The items up to the end of a list."""
        items: list[Plain] = []
        marks: list[Mark] = []
        while not isinstance(event := next(self.stream), events.SequenceEndEvent):
            place = (*path, len(items))
            items.append(self.node(cast("Node", event), place))
            marks.append(span(event))
            if items[-1] is None and place not in self.blamed:
                self.blame(place, traps.null(self.page, marks[-1], "this item"))
        self.end = span(event).end
        if style == "[":
            self.faults.extend(traps.split_items(self.page, marks))
        return items

    def mapping(self, path: Route, style: str) -> Plain:
        """The fields up to the end of a mapping."""
        data: dict[str, Plain] = {}
        fields: list[traps.Field] = []
        while not isinstance(event := next(self.stream), events.MappingEndEvent):
            name = self.key(cast("Node", event), path, data)
            following = self.begin()
            value = self.node(following, (*path, name))
            is_null = value is None and (*path, name) not in self.blamed
            fields.append(traps.Field(name=name, key=span(event), value=span(following), is_null=is_null))
            if not name.startswith(REFUSED):
                data[name] = value
        self.end = span(event).end
        for slip in traps.empty_fields(self.page, fields, flow=style == "{"):
            self.blamed.add(path if slip.orphan else (*path, slip.name))
            self.faults.extend([slip.fault] if slip.fault else [])
            if slip.orphan:
                data.pop(slip.name, None)
        return data

    def key(self, event: Node, path: Route, data: Mapping[str, Plain]) -> str:
        """The name of a field, or one that begins with REFUSED."""
        mark = span(event)
        if not isinstance(event, events.ScalarEvent):
            self.blame(path, traps.key_not_text(self.page, mark))
            self.node(event, (*path, REFUSED))
            return REFUSED
        name = str(event.value)
        self.keys[(*path, name)] = self.keys.get((*path, name), mark)
        if event.tag is not None:
            self.blame(path, traps.tag(self.page, mark))
        if name == "<<" and not mark.style:
            self.blame(path, traps.merge(self.page, mark))
        elif name in data:
            line = self.page.line(self.keys[(*path, name)].start)
            self.blame(path, traps.duplicate(self.page, mark, name, line))
        elif (not mark.style and scalars.is_special(name)) or name.startswith(REFUSED):
            self.blame(path, traps.key_not_text(self.page, mark))
        else:
            return name
        return REFUSED + name


def span(event: events.Event) -> Mark:
    """Where an event stands."""
    style = getattr(event, "style", None) or ""
    if event.start_mark is None or event.end_mark is None:
        return Mark(start=0, end=0, style=style)
    return Mark(start=event.start_mark.index, end=event.end_mark.index, style=style)


def read(text: str, path: str, kind: str = "exercise") -> Document:
    """The data and places of a text; what is wrong with it stands in `faults`."""
    page = Page.of(text, path, kind)
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        whole = Mark(start=0, end=0)
        return Document(
            page=page, data=None, faults=(page.fault("too-large", f"more than {MAX_BYTES:,} bytes", whole),)
        )
    if found := FORBIDDEN.search(text):
        return Document(page=page, data=None, faults=(traps.character(page, found.start()),))
    reader = Reader(page=page, stream=yaml.parse(text, Loader=LOADER))
    try:
        data = reader.document()
    except (StoppedError, yaml.MarkedYAMLError) as problem:
        last = problem.fault if isinstance(problem, StoppedError) else slips.explain(page, problem)
        told = {fault.line for fault in reader.faults}
        return Document(page=page, data=None, faults=(*sorted(reader.faults), *(() if last.line in told else (last,))))
    return Document(
        page=page,
        data=data,
        keys=reader.keys,
        values=dict(reader.places),
        faults=tuple(sorted(reader.faults)),
        blamed=frozenset(reader.blamed),
    )
