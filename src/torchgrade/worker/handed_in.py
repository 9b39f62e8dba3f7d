"""Files that were handed in beside the code: modules it can import and data it can open, all of it in memory.

They come before what is installed, as beside a script; Python's own modules come first. Data is opened by its path
below the submission's folder, for reading only. What the code does to any of this, it does to itself.
"""

from __future__ import annotations

import builtins
import errno
import io
import linecache
import os
import posixpath
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import CodeType, ModuleType

from torchgrade.model.places import module_text

_READING = frozenset("rbtU")
_OPTIONS = ("buffering", "encoding", "errors", "newline")
_PACKAGE = "/__init__.py"


class HandedIn(MetaPathFinder, InspectLoader):
    """The files by path. `install` makes them known to this process, once."""

    def __init__(self, files: Sequence[tuple[str, bytes]]) -> None:
        self.files = tuple(files)
        self._files = dict(files)
        self._modules = {_module(path): path for path in self._files if path.endswith(".py")}
        self._folders = {part for name in self._modules for part in _parents(name)} - self._modules.keys()

    def install(self) -> None:
        """Before the first line of the submission runs."""
        for path in self._modules.values():
            text = module_text(self._files[path])
            linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
        sys.meta_path.insert(0, self)
        _Opener(self._files).install()

    def loaded(self) -> dict[str, ModuleType]:
        """The modules that were imported."""
        return {name: sys.modules[name] for name in (*self._modules, *self._folders) if name in sys.modules}

    def activate(self, modules: Mapping[str, ModuleType]) -> None:
        """Have exactly these imported."""
        for name in (*self._modules, *self._folders):
            sys.modules.pop(name, None)
        sys.modules.update(modules)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module or a folder of modules that was handed in, unless it has the name of one of Python's own."""
        if fullname.partition(".")[0] in sys.stdlib_module_names:
            return None
        if fullname in self._folders:
            spec = ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = [fullname.replace(".", "/")]
            return spec
        if fullname not in self._modules:
            return None
        found = self._modules[fullname]
        return spec_from_loader(fullname, self, origin=found, is_package=found.endswith(_PACKAGE))

    def exec_module(self, module: ModuleType) -> None:
        """Run it, under its path."""
        module.__file__ = self._modules[module.__name__]
        super().exec_module(module)

    def get_code(self, fullname: str) -> CodeType:
        """Compiled from the bytes, so that its coding line counts."""
        path = self._modules[fullname]
        return compile(self._files[path], path, "exec", dont_inherit=True)

    def get_source(self, fullname: str) -> str:
        """Its text."""
        return module_text(self._files[self._modules[fullname]])


class _Opener:
    """Stands before `open` and `os.stat`: of files that were handed in they tell what is in memory."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._open: Callable[..., object] = io.open
        self._stat: Callable[..., os.stat_result] = os.stat

    def install(self) -> None:
        builtins.open = io.open = self.open  # type: ignore[assignment]
        os.stat = self.stat  # type: ignore[assignment]
        source = sys.modules.get("numpy.lib._datasource")  # loadtxt and genfromtxt keep an `open` of their own
        if source is not None:
            source._file_openers._load()
            source._file_openers._file_openers[None] = self.open

    def open(self, file: object, mode: str = "r", *rest: object, **named: object) -> object:
        """As `open`, whose arguments it takes."""
        path = self._known(file)
        if path is None:
            return self._open(file, mode, *rest, **named)
        if not set(mode) <= _READING:
            raise PermissionError(errno.EACCES, "What was handed in can only be read", path)
        stream = _Data(self._files[path], path)
        if "b" in mode:
            return stream
        given = {**dict(zip(_OPTIONS, rest, strict=False)), **named}
        encoding = given.get("encoding")
        return io.TextIOWrapper(
            stream,
            "utf-8" if encoding in (None, "locale") else encoding,  # type: ignore[arg-type] # whatever the code says
            given.get("errors"),  # type: ignore[arg-type]
            given.get("newline"),  # type: ignore[arg-type]
        )

    def stat(self, path: object, **named: object) -> os.stat_result:
        """As `os.stat`, for whoever asks whether a file is there."""
        known = self._known(path)
        if known is None:
            return self._stat(path, **named)
        return os.stat_result((stat.S_IFREG | 0o444, 0, 0, 1, 0, 0, len(self._files[known]), 0, 0, 0))

    def _known(self, file: object) -> str | None:
        """The path of a file that was handed in, however it is written."""
        if not isinstance(file, (str, bytes, os.PathLike)):
            return None
        path = posixpath.normpath("/" + os.fsdecode(file)).lstrip("/")
        return path if path in self._files else None


class _Data(io.BytesIO):
    """A file that was handed in, opened."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name

    def writable(self) -> bool:
        return False


def _module(path: str) -> str:
    return path.removesuffix(_PACKAGE).removesuffix(".py").replace("/", ".")


def _parents(name: str) -> list[str]:
    pieces = name.split(".")[:-1]
    return [".".join(pieces[: count + 1]) for count in range(len(pieces))]
