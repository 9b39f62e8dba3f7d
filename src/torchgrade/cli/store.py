"""The command that carries the store from one machine to another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from torchgrade.cli.command import Command, asks
from torchgrade.cli.exits import DONE
from torchgrade.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """What `store` was asked."""

    what: str
    file: Path


@click.command(
    "store",
    cls=Command,
    examples=(
        "torchgrade store export backup.jsonl",
        "torchgrade store import backup.jsonl",
    ),
)
@click.argument("what", type=click.Choice(["export", "import"]))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@asks(Carrying)
def store_command(request: Carrying) -> int:
    """Write all attempts and gradebooks to a file of JSON lines, or add those of such a file; import your own only."""
    return _export(request.file) if request.what == "export" else _import(request.file)


def _export(file: Path) -> int:
    from torchgrade.cli.writing import replacing
    from torchgrade.store.database import Store

    if file.exists():
        raise UsageError(f"{file} exists already", hint="name another file")
    with Store.of_user() as store:
        try:
            with replacing(file) as stream:
                stream.writelines(store.export())
        except OSError as error:
            raise UsageError(f"{file} cannot be written: {error.strerror}", hint="name another file") from error
    click.echo(f"wrote {file}")
    return DONE


def _import(file: Path) -> int:
    from torchgrade.store.database import Store

    if not file.is_file():
        raise UsageError(f"there is no file {file}", hint="give one that store export wrote")
    with Store.of_user() as store, file.open("rb") as stream:
        added = store.merge(stream)
    click.echo(f"{added.rows} rows read, {added.new} of them new")
    return DONE
