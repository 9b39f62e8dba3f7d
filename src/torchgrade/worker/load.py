"""From source text to something that can be called, or the Incident that stands in the way."""

from __future__ import annotations

import difflib
import inspect
import linecache
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import CodeType, ModuleType

import torch

from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.model.probe import Source
from torchgrade.model.said import said
from torchgrade.wire.requests import Load
from torchgrade.worker import cells
from torchgrade.worker.cells import Broken
from torchgrade.worker.handed_in import HandedIn
from torchgrade.worker.incidents import Blame
from torchgrade.worker.state import State

MODULE = "submission"
_CALL = "<call>"
_MOST_NAMES = 10
_LONGEST_NAME = 60
_LONGEST_SIGNATURE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An entry point that can be called, and the state that loading it left."""

    module: ModuleType
    entry: Callable[..., object]
    call: Callable[..., object] | None
    returns: tuple[str, ...]
    blame: Blame
    state: State
    beside: HandedIn | None = None
    modules: Mapping[str, ModuleType] = field(default_factory=dict)

    def activate(self) -> None:
        """Go back to where loading ended."""
        sys.modules[MODULE] = self.module
        if self.beside is not None:
            self.beside.activate(self.modules)
        self.state.restore()

    def invoke(self, inputs: Mapping[str, object]) -> object:
        """Call the entry point as the exercise says."""
        if self.call is None:
            return self.entry(*inputs.values())
        return self.call(self.entry, *inputs.values())


def load(request: Load, megabytes: int, beside: HandedIn | None = None) -> Loaded | Incident:
    """Run the source in a module of its own and find the entry point in it; `beside` is what else was handed in."""
    source = request.source if beside is None else replace(request.source, files=beside.files)
    blame = Blame.of(source, megabytes)
    module = ModuleType(MODULE)
    if beside is not None:
        beside.activate({})
    broken = _run(source, module, blame)
    if isinstance(broken, Incident):
        return broken
    entry = _entry(request, module, broken)
    if not isinstance(entry, Incident) and request.call is None:
        entry = _callable_with(request, entry, blame)
    if isinstance(entry, Incident):
        return entry
    call = _call(request.call)
    if isinstance(call, Incident):
        return call
    return Loaded(
        module=module,
        entry=entry,
        call=call,
        returns=request.returns,
        blame=blame,
        state=State.capture(),
        beside=beside,
        modules={} if beside is None else beside.loaded(),
    )


def _run(source: Source, module: ModuleType, blame: Blame) -> tuple[Broken, ...] | Incident:
    """Run it in the module; the cells of a notebook that could not be run, or why nothing could."""
    module.__file__ = source.filename
    if source.cells:
        sys.modules[MODULE] = module
        return cells.run(source, module, blame)
    code = _compile(source.text, source.filename, blame)
    if isinstance(code, Incident):
        return code
    lines = source.text.splitlines(keepends=True)
    linecache.cache[source.filename] = (len(source.text), None, lines, source.filename)
    sys.modules[MODULE] = module
    try:
        exec(code, vars(module))
    except BaseException as error:
        return blame.incident(error, IncidentKind.IMPORT_ERROR)
    return ()


@lru_cache(maxsize=1)
def _code(text: str, filename: str) -> CodeType:
    """Compiled once for all plans of a child, which read the same file."""
    return compile(text, filename, "exec", dont_inherit=True)


def _compile(text: str, filename: str, blame: Blame) -> CodeType | Incident:
    try:
        return _code(text, filename)
    except SyntaxError as error:
        return blame.syntax(error)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:  # null bytes, surrogates, endless nesting
        return Incident(
            kind=IncidentKind.SYNTAX_ERROR,
            message=said("The file cannot be read as Python: {why}.", why=str(error)),
            exception=type(error).__name__,
        )


def _entry(request: Load, module: ModuleType, broken: tuple[Broken, ...]) -> Callable[..., object] | Incident:
    name = request.entrypoint
    if name not in vars(module) and broken:
        return next((each.incident for each in broken if name in each.text), broken[0].incident)
    if name not in vars(module):
        return Incident(kind=IncidentKind.MISSING_ENTRYPOINT, message=_missing(name, module))
    entry: object = vars(module)[name]
    if not callable(entry):
        kind = type(entry).__name__[:_LONGEST_NAME]
        if kind[:1] in "aeiou":
            message = said("`{name}` is an {type}, not a function.", name=name, type=kind)
        else:
            message = said("`{name}` is a {type}, not a function.", name=name, type=kind)
        return Incident(kind=IncidentKind.NOT_CALLABLE, message=message)
    return entry


def _missing(name: str, module: ModuleType) -> str:
    defined = [each for each, value in vars(module).items() if _is_own(value)]
    shown = ", ".join(f"`{each[:_LONGEST_NAME]}`" for each in defined[:_MOST_NAMES])
    more = ", …" if len(defined) > _MOST_NAMES else ""
    close = difflib.get_close_matches(name, defined, n=1)
    if close:
        return said("The file defines `{name}`: is that the one?", name=close[0][:_LONGEST_NAME])
    return said("The file defines {names}.", names=shown + more) if defined else said("The file defines no function.")


def _is_own(value: object) -> bool:
    """True for functions and classes that the file itself defines."""
    try:
        return (inspect.isroutine(value) or isinstance(value, type)) and value.__module__ == MODULE
    except Exception:  # an object that resents being looked at
        return False


def _callable_with(request: Load, entry: Callable[..., object], blame: Blame) -> Callable[..., object] | Incident:
    """Whether as many arguments as the exercise passes can be passed."""
    try:
        signature = inspect.signature(entry)
    except Exception:  # a builtin without one, or a hostile object: the call itself will tell
        return entry
    try:
        signature.bind(*request.parameters)
    except TypeError:
        return Incident(
            kind=IncidentKind.WRONG_SIGNATURE,
            message=said("Yours reads `{definition}`.", definition=request.entrypoint + _shown(signature)),
            frames=tuple(blame.frame(line, request.entrypoint) for line in _definition(entry, blame)),
        )
    return entry


def _shown(signature: inspect.Signature) -> str:
    """Names only: annotations and the texts of defaults are long, and a submission's own."""
    stars = {str(inspect.Parameter.VAR_POSITIONAL): "*", str(inspect.Parameter.VAR_KEYWORD): "**"}
    shown = [
        stars.get(str(each.kind), "") + each.name + ("" if each.default is inspect.Parameter.empty else "=…")
        for each in signature.parameters.values()
    ]
    return f"({', '.join(shown)})"[:_LONGEST_SIGNATURE]


def _definition(entry: object, blame: Blame) -> list[int]:
    code = getattr(entry, "__code__", None)
    line = blame.line(code.co_filename, code.co_firstlineno) if isinstance(code, CodeType) else 0
    return [line] if line else []


def _call(text: str | None) -> Callable[..., object] | Incident | None:
    """The exercise's own `call`, in a namespace of its own."""
    if text is None:
        return None
    names: dict[str, object] = {"torch": torch, "math": math, "__name__": "call"}
    try:
        if "sympy" in text:
            names["sympy"] = __import__("sympy")
        exec(compile(text, _CALL, "exec", dont_inherit=True), names)
        return names["call"]  # type: ignore[return-value]
    except Exception as error:
        message = f"The exercise's `call` cannot be used: {type(error).__name__}: {error}"
        return Incident(kind=IncidentKind.OUR_FAULT, message=message)
