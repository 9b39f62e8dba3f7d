"""One answer to one exercise: what it is written with, and what must become of it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from torchgrade.model.verdict import Verdict

RIGHT = (Verdict.ACCEPTED,)
ANY = tuple(each for each in Verdict if each not in (Verdict.SKIPPED, Verdict.JUDGE_ERROR))
"""Nothing is certain but that it is never our fault."""
WRONG = tuple(each for each in ANY if each is not Verdict.ACCEPTED)
PRELUDE = "import math\nimport sympy\nimport torch\n"
"""What code in exercise files takes for granted."""
_BUILTIN = frozenset(dir(builtins))
_Statement = ast.Import | ast.ImportFrom


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`what` says in a few words where it comes from; `verdicts` are the possible ones, a certain one is alone.

    `imports` are statements by the name that each binds (`*torch.linalg` for a star); `body` defines the entry point
    and what it needs. `mistake` is the declared one that must be recognised.
    """

    entrypoint: str
    what: str
    imports: tuple[tuple[str, str], ...]
    body: str
    verdicts: tuple[Verdict, ...] = RIGHT
    mistake: str = ""

    @cached_property
    def tree(self) -> ast.Module:
        """The body, parsed."""
        return ast.parse(self.body)

    @cached_property
    def helpers(self) -> frozenset[str]:
        """What else the body defines."""
        return frozenset(name for each in self.tree.body for name in _bound(each)) - {self.entrypoint}

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names of the module that it speaks of, its own among them."""
        return frozenset(name for each in self.tree.body for name in _names(each) - _local([each]))

    @cached_property
    def brings(self) -> frozenset[str]:
        """The names that it defines or imports, but for the entry point."""
        return self.helpers | {name for name, _ in self.imports}

    @cached_property
    def speaks_of(self) -> frozenset[str]:
        """Every name of the module that it brings or uses, but for the entry point."""
        return (self.brings | self.uses) - {self.entrypoint}

    @cached_property
    def is_definitions(self) -> bool:
        """Whether a notebook may hold it: of one only definitions are read."""
        return all(isinstance(each, (ast.FunctionDef, ast.ClassDef)) for each in self.tree.body)


class Sheet:
    """The answers of one submitter so far, in which every name means one thing."""

    def __init__(self, entrypoints: frozenset[str]) -> None:
        self._imports: dict[str, str] = {}
        self._helpers: set[str] = set()
        self._entrypoints = entrypoints

    def takes(self, answer: Answer) -> bool:
        """Whether it brings no name that means something else here, and speaks of nobody's entry point."""
        if not self._entrypoints.isdisjoint(answer.speaks_of) or not self._helpers.isdisjoint(answer.brings):
            return False
        if not answer.helpers.isdisjoint(self._imports):
            return False
        return all(self._imports.get(name, text) == text for name, text in answer.imports)

    def add(self, answer: Answer) -> Answer:
        """Write it down."""
        self._imports.update(answer.imports)
        self._helpers |= answer.helpers
        return answer


def picked(text: str, entrypoint: str, what: str, **more: object) -> Answer | None:
    """The answer in a module: its entry point and all that this needs; None if it has no such name."""
    statements = ast.parse(text).body
    needed, before = {entrypoint}, set[str]()
    while needed != before:
        before = set(needed)
        for each in statements:
            if before & set(_bound(each)) and not isinstance(each, _Statement):
                needed |= _names(each)
    chosen = [each for each in statements if needed & set(_bound(each)) and not isinstance(each, _Statement)]
    if not any(entrypoint in _bound(each) for each in chosen):
        return None
    imports = tuple(_imports(statements, chosen, needed))
    body = "\n\n\n".join(ast.get_source_segment(text, each) or "" for each in map(_with_decorators, chosen))
    return Answer(entrypoint=entrypoint, what=what, imports=imports, body=body + "\n", **more)  # type: ignore[arg-type]


def _with_decorators(statement: ast.stmt) -> ast.stmt:
    """The source segment of a function begins with `def`; its decorators belong to it."""
    for decorator in reversed(getattr(statement, "decorator_list", [])):
        statement.lineno, statement.col_offset = decorator.lineno, 0
    return statement


def _imports(statements: Sequence[ast.stmt], chosen: Sequence[ast.stmt], needed: set[str]) -> Iterator[tuple[str, str]]:
    """One statement for each name that is needed; a star if there are names that come from nowhere else."""
    known = {name for each in statements for name in _bound(each)} | _BUILTIN | _local(chosen)
    for each in statements:
        if not isinstance(each, _Statement):
            continue
        module = each.module if isinstance(each, ast.ImportFrom) else ""
        for alias in each.names:
            name = alias.asname or alias.name.partition(".")[0]
            written = ast.unparse(ast.ImportFrom(module, [alias], 0) if module else ast.Import([alias]))
            if name == "*" and needed - known:
                yield f"*{module}", written
            elif name in needed:
                yield name, written


def _bound(statement: ast.stmt) -> tuple[str, ...]:
    """The names that a statement of a module gives a meaning."""
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.Assign(targets=targets):
            return tuple(node.id for each in targets for node in ast.walk(each) if isinstance(node, ast.Name))
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return tuple(each.asname or each.name.partition(".")[0] for each in names)
    return ()


def _names(tree: ast.AST) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _local(statements: Sequence[ast.stmt]) -> set[str]:
    """Parameters, and names that are assigned somewhere within."""
    nodes = [node for each in statements for node in ast.walk(each)]
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    inner = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return stored | inner | {node.arg for node in nodes if isinstance(node, ast.arg)}
