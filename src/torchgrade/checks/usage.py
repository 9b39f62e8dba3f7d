"""What a source uses: names resolved through imports and aliases, and statements, with where they stand.

One file may hold the answers to all exercises, so only what the entry point can reach counts: its own code, the
functions, classes and variables of the file that it names, and what those name in turn.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from torchgrade.formula import syntax

STATEMENTS: Mapping[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    "while": (ast.While,),
    "if": (ast.If, ast.IfExp),
    "try": (ast.Try, ast.TryStar),
    "with": (ast.With, ast.AsyncWith),
    "lambda": (ast.Lambda,),
}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = (ast.If, ast.Try, ast.TryStar, ast.With)
# What a hostile file can have thousands of, each of which would cost time and memory for every name in it.
_MOST_STARS = 4
_LONGEST_ALIAS = 200
_KEPT = 4
"""Sources of which something is kept: every exercise of a submission asks, and a tree may have a hundred megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One name or statement in the source.

    `name` is a dotted name from an import (`torch.linalg.inv`), a method or attribute of anything else
    (`.inverse`), a name on its own, or a word of STATEMENTS. `written` is what stands in the source.
    """

    name: str
    written: str
    line: int
    column: int


@lru_cache(maxsize=_KEPT)
def parsed(source: str) -> ast.Module:
    """The source's tree; an empty one if Python cannot read it, which is told elsewhere."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return syntax.module(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def line_of(source: str, name: str) -> int:
    """The line where the file defines `name` (the last time); 0 if it does not."""
    lines = [statement.lineno for statement, names in _bindings(source).items() if name in names]
    return lines[-1] if lines else 0


def uses(source: str, entrypoint: str) -> tuple[Use, ...]:
    """Everything that `entrypoint` and what it reaches in this file use: where each first stands there, in order."""
    scope = _scope(source)
    reached = _reachable(source, entrypoint, frozenset(scope.aliases))
    found: dict[tuple[str, str], Use] = {}
    for use in (use for root in reached for use in _uses(root, scope)):
        first = found.setdefault((use.name, use.written), use)
        if _place(use) < _place(first):
            found[use.name, use.written] = use
    return tuple(sorted(found.values(), key=_place))


def imported(source: str, name: str) -> tuple[str, ...]:
    """What `name` may be in full, if the file does not define it but imports it."""
    if name in _binding(source):
        return ()
    scope = _scope(source)
    full = scope.resolve(name)
    return (*([full] if full else ()), *(f"{module}.{name}" for module in scope.stars))


def _place(use: Use) -> tuple[int, int, str]:
    return use.line, use.column, use.name


@dataclass(frozen=True, slots=True)
class _Scope:
    """Names that stand for dotted names, modules imported by star, and names that the file itself defines."""

    aliases: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    defined: set[str] = field(default_factory=set)

    def resolve(self, dotted: str) -> str | None:
        """The full name of a dotted name whose first part is imported or an alias; None for anything else."""
        first, dot, rest = dotted.partition(".")
        full = self.aliases.get(first)
        return None if full is None else full + dot + rest


@lru_cache(maxsize=_KEPT)
def _scope(source: str) -> _Scope:
    nodes, scope = tuple(ast.walk(parsed(source))), _Scope()
    for node in nodes:
        if isinstance(node, ast.Import):
            _imported(node, scope)
        elif isinstance(node, ast.ImportFrom):
            scope.stars.extend(node.module or "" for alias in node.names if alias.name == "*")
            scope.aliases.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
        elif isinstance(node, _DEFINITIONS):
            scope.defined.add(node.name)
    for node in nodes:
        full = scope.resolve(_dotted(node.value)) if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.Assign) and full and len(full) <= _LONGEST_ALIAS:
            names = (target.id for target in node.targets if isinstance(target, ast.Name))
            scope.aliases.update(dict.fromkeys(names, full))
    scope.stars[:] = sorted(set(scope.stars), key=_torch_first)[:_MOST_STARS]
    return scope


def _torch_first(module: str) -> tuple[bool, str]:
    return module.partition(".")[0] != "torch", module


def _imported(node: ast.Import, scope: _Scope) -> None:
    """`import a.b` binds a; `import a.b as c` binds c to a.b."""
    for alias in node.names:
        first = alias.name.partition(".")[0]
        scope.aliases[alias.asname or first] = alias.name if alias.asname else first


def _top(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of the file, those in if, try and with included; a thousand `elif` are a thousand deep."""
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, _BLOCKS):
            inner = [
                part for part in ast.iter_child_nodes(statement) if isinstance(part, (ast.stmt, ast.ExceptHandler))
            ]
            handlers = [part for handler in inner if isinstance(handler, ast.ExceptHandler) for part in handler.body]
            waiting += reversed([*(part for part in inner if isinstance(part, ast.stmt)), *handlers])
        else:
            yield statement


@lru_cache(maxsize=_KEPT)
def _bindings(source: str) -> Mapping[ast.stmt, frozenset[str]]:
    """What each statement of the file binds; asked for by every exercise that the file answers."""
    return {statement: _binds(statement) for statement in _top(parsed(source).body)}


@lru_cache(maxsize=_KEPT)
def _binding(source: str) -> Mapping[str, list[ast.stmt]]:
    """The other way round: which statements of the file bind a name."""
    found: dict[str, list[ast.stmt]] = {}
    for statement, names in _bindings(source).items():
        for name in names:
            found.setdefault(name, []).append(statement)
    return found


def _binds(statement: ast.stmt) -> frozenset[str]:
    """The names that a statement of the file defines, assigns or changes (`table.append(…)`, `table[0] = …`)."""
    if isinstance(statement, _DEFINITIONS):
        return frozenset((statement.name,))
    return frozenset(name for node in ast.walk(statement) for name in _changes(node))


def _changes(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return (name,)
        case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()):
            return (name,)
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
            return (name,)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return (name,)
    return ()


def _reachable(source: str, entrypoint: str, imported: frozenset[str]) -> list[ast.stmt]:
    """The statements of the file that define or change what the entry point names, directly or through others."""
    binding = _binding(source)
    reached: dict[ast.stmt, None] = {}
    waiting, known = [entrypoint], {entrypoint}
    while waiting:
        for statement in binding.get(waiting.pop(), ()):
            if statement not in reached:
                reached[statement] = None
                mentioned = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
                names = mentioned - known - imported
                known |= names
                waiting += names
    return list(reached)


def _uses(root: ast.stmt, scope: _Scope) -> Iterator[Use]:
    inner = {id(node.value) for node in ast.walk(root) if isinstance(node, ast.Attribute)}
    for node in ast.walk(root):
        for word, types in STATEMENTS.items():
            if isinstance(node, types):
                yield _use(word, word, node)
        if isinstance(node, (ast.Name, ast.Attribute)) and id(node) not in inner:
            written = _dotted(node) or f".{getattr(node, 'attr', '')}"
            yield from (_use(name, written, node) for name in _names(node, scope))
        if isinstance(node, ast.Call) and (looked_up := _looked_up(node)):
            yield from (_use(name, looked_up, node) for name in _full_names(looked_up, scope))


def _use(name: str, written: str, node: ast.AST) -> Use:
    return Use(name=name, written=written, line=getattr(node, "lineno", 0), column=getattr(node, "col_offset", -1) + 1)


def _names(node: ast.Name | ast.Attribute, scope: _Scope) -> Iterator[str]:
    dotted = _dotted(node)
    if dotted:
        yield from _full_names(dotted, scope)
        return
    # A chain on a call or an index, `A.inverse().sum`: each part is a method or attribute of some value.
    part: ast.expr = node
    while isinstance(part, ast.Attribute):
        yield f".{part.attr}"
        part = part.value


def _full_names(dotted: str, scope: _Scope) -> Iterator[str]:
    """The dotted name in full; of a value's attributes each one; a name of one part as it is unless it is their own."""
    full = scope.resolve(dotted)
    if full is not None:
        yield f".{full.rpartition('.')[2]}" if full.startswith("torch.Tensor.") else full
        return
    first, *attributes = dotted.split(".")
    yield from (f".{attribute}" for attribute in attributes)
    if not attributes and first not in scope.defined:
        yield first
        yield from (f"{module}.{first}" for module in scope.stars)


def _dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of attributes on a name; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _looked_up(call: ast.Call) -> str:
    """`a.b` for `getattr(a, "b")`."""
    match call:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name)), *_]):
            return f"{_dotted(owner)}.{name}" if _dotted(owner) else ""
    return ""
