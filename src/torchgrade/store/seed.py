"""The seed that draws hidden inputs: made once for a machine's user, then kept."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from torchgrade.errors import UsageError


def state_folder(environment: Mapping[str, str]) -> Path:
    """The user's folder for state: `$XDG_STATE_HOME`, `%LOCALAPPDATA%`, else `~/.local/state`."""
    home = environment.get("XDG_STATE_HOME") or environment.get("LOCALAPPDATA")
    return (Path(home) if home else Path.home() / ".local" / "state") / "torchgrade"


def seed(folder: Path) -> str:
    """The seed kept in `folder`; the first call draws it, readable by its owner only."""
    path = folder / "seed"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_hex(16) + "\n")
    except FileExistsError:
        _refuse_if_not_ours(path)
    return path.read_text(encoding="ascii").strip()


def _refuse_if_not_ours(path: Path) -> None:
    if hasattr(os, "getuid") and path.lstat().st_uid != os.getuid():
        raise UsageError(
            f"{path} belongs to somebody else, so the hidden inputs would not be secret",
            hint="remove it, or give a seed of your own with --seed",
        )
