"""The table of docs/security.md, made from what the attacks say of themselves, all of which the suite holds them to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hostile.attack import ATTACKS, CONTROLS, EXEC, PARENT, Attack, Outcome
from torchgrade.model.isolation import LEVELS

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- begin: python -m tests.hostile --write -->", "<!-- end -->"
_FAMILIES = {
    "files": "Files",
    "memory": "Memory",
    "processes": "Processes",
    "siblings": "Other submissions",
    "kernel": "The kernel",
    "network": "Network",
    "resources": "Resources",
    "forging": "Forging",
    CONTROLS: "What is allowed",
}
_NEEDS = {
    "root": "a grader that runs as root",
    "resources": "a grader that runs as root",
    "handles": "a grader that runs as root",
    "package": "a user who may write there",
}
_SIGNS = {Outcome.WORKS: "**works**", Outcome.BLOCKED: "–", Outcome.KILLED: "– †"}


def rendered() -> str:
    """The table, family by family, between its two marks."""
    return "\n".join((BEGIN, *_families(), END))


def written(page: str) -> str:
    """The page with the table of today."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{rendered()}{after}"


def _families() -> Iterator[str]:
    for family, title in _FAMILIES.items():
        attacks = [attack for attack in ATTACKS if attack.family == family]
        yield f"\n### {title} ({len(attacks)})\n"
        yield from _allowed(attacks) if family == CONTROLS else _table(attacks)
    yield ""


def _table(attacks: list[Attack]) -> Iterator[str]:
    yield f"| it … | {' | '.join(f'`{level}`' for level in LEVELS)} | stopped by |"
    yield f"|---|{'---|' * len(LEVELS)}---|"
    yield from map(_row, attacks)


def _row(attack: Attack) -> str:
    outcomes = " | ".join(_SIGNS[attack.expected[level].outcome] for level in LEVELS)
    need = f" ({_NEEDS[attack.needs]})" if attack.needs in _NEEDS else ""
    return f"| {attack.tries}{need} | {outcomes} | {_layers(attack)} |"


def _layers(attack: Attack) -> str:
    """In the order of the levels they belong to; what is not a layer in words."""
    words = {PARENT: "the way of grading", EXEC: "a worker that never had it"}
    layers = [str(layer) for layer in LEVELS["namespaces"].layers]
    order = [*words, "descriptors", "session", "limits", "capabilities", "landlock", "seccomp", "namespaces"]
    assert set(layers) <= set(order)
    named = [words.get(name, name) for name in order if name in attack.stops]
    return ", ".join(f"{name} (ABI {attack.since})" if name == "landlock" and attack.since else name for name in named)


def _allowed(attacks: list[Attack]) -> Iterator[str]:
    yield "What gets full points at every level, so that no wall is higher than it needs to be. It …\n"
    for attack in attacks:
        yield f"- {attack.tries}"
