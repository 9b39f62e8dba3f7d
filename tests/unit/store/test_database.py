"""The store's file: where it may be, what is done when it is new, newer, damaged, full, locked or somebody else's."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.store.pieces import EXERCISES, HEADER, added, done, grade, submission

from torchgrade.errors import StoreError
from torchgrade.store import migrations
from torchgrade.store.database import Store
from torchgrade.store.faults import sentence
from torchgrade.store.premises import file_system, refuse_network

needs_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
ADA = submission("ada")


def kept(store: Store) -> int:
    """Ada's work, which is graded if it is not known yet: how many attempts there are."""
    grade(added(store.run(EXERCISES, HEADER, "en"), [ADA]))
    return count(store)


def count(store: Store) -> int:
    found: int = store.connection.execute("SELECT count(*) FROM attempts").fetchone()[0]
    return found


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_store_is_for_its_owner_only_and_is_there_again(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "torchgrade"
    with Store(folder) as store:
        assert kept(store) == 3
        files = {path.name: mode(path) for path in folder.iterdir()}
        assert files == dict.fromkeys(("store.sqlite", "store.sqlite-wal", "store.sqlite-shm"), 0o600)
        assert mode(folder) == 0o700
    with Store(folder) as store:
        assert count(store) == 3
    assert [path.name for path in folder.iterdir()] == ["store.sqlite"]


def test_what_is_committed_is_on_the_disk_and_many_may_read(tmp_path: Path) -> None:
    with Store(tmp_path / "s") as store, Store(tmp_path / "s") as other:
        pragmas = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "temp_store", "trusted_schema")
        found = [store.connection.execute(f"PRAGMA {each}").fetchone()[0] for each in pragmas]
        assert found == ["wal", 2, 5000, 1, 1, 0]
        kept(store)
        assert count(other) == 3


def test_a_temporary_store_leaves_nothing() -> None:
    with Store.temporary() as store:
        assert kept(store) == 3
        folder = store.folder
        assert folder.is_dir()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("graded", "is_refused"),
    [("", True), ("state", True), ("state/torchgrade", True), ("class", False), ("state/torch", False), ("lnk", True)],
)
def test_a_store_within_what_is_graded_is_refused(tmp_path: Path, graded: str, is_refused: bool) -> None:
    (tmp_path / "lnk").symlink_to(tmp_path)
    store = Store(tmp_path / "state" / "torchgrade")
    if not is_refused:
        store.refuse_inside([tmp_path / "class", tmp_path / graded])
        return
    with pytest.raises(StoreError, match=r"the store .*torchgrade lies inside .*, which is to be graded") as caught:
        store.refuse_inside([tmp_path / "class", tmp_path / graded])
    assert caught.value.hint == "name another folder for state with XDG_STATE_HOME"


def give_away_folder(folder: Path) -> None:
    os.chown(folder, 12345, 12345)


def give_away_file(folder: Path) -> None:
    (folder / "store.sqlite").touch()
    os.chown(folder / "store.sqlite", 12345, 12345)


def link(folder: Path) -> None:
    (folder.parent / "elsewhere").touch()
    (folder / "store.sqlite").symlink_to(folder.parent / "elsewhere")


def second_name(folder: Path) -> None:
    (folder.parent / "elsewhere").touch()
    os.link(folder.parent / "elsewhere", folder / "store.sqlite")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "store.sqlite")


def subfolder(folder: Path) -> None:
    (folder / "store.sqlite").mkdir()


def open_to_all(folder: Path) -> None:
    folder.chmod(0o777)


def other_database(folder: Path) -> None:
    connection = sqlite3.connect(folder / "store.sqlite")
    connection.execute("CREATE TABLE diary (entry)")
    connection.close()


def newer(folder: Path) -> None:
    with Store(folder) as store:
        store.connection.execute("PRAGMA user_version = 99")


def no_database(folder: Path) -> None:
    (folder / "store.sqlite").write_bytes(b"these are the grades" * 1000)


@pytest.mark.parametrize(
    ("spoil", "message", "hint"),
    [
        pytest.param(give_away_folder, "the folder .* belongs to somebody else", "XDG_STATE_HOME", marks=needs_root),
        pytest.param(give_away_file, "store.sqlite belongs to somebody else", "move it aside", marks=needs_root),
        (link, "store.sqlite is a link to another place", "remove the link"),
        (second_name, "is no ordinary file, or has a second name", "move it aside"),
        (pipe, "is no ordinary file", "move it aside"),
        (subfolder, "cannot be opened: Is a directory", "XDG_STATE_HOME"),
        (open_to_all, "others can write into the folder", "chmod 700"),
        (other_database, "is a database, but no store of torchgrade's", "move it aside"),
        (
            newer,
            "was written by a newer torchgrade: it has version 99, and this one knows 1",
            "use the newer torchgrade",
        ),
        (no_database, "is damaged .file is not a database", "move it aside: mv .*store.sqlite.damaged"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_no_safe_place_is_refused(
    tmp_path: Path, spoil: Callable[[Path], None], message: str, hint: str
) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    spoil(folder)
    with pytest.raises(StoreError, match=message) as caught, Store(folder):
        raise AssertionError("it was opened")
    assert re.search(hint, caught.value.hint)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"the store .* cannot be opened: (Not a directory|File exists)"):
        Store(tmp_path / "file" / "state").__enter__()


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    with Store(tmp_path / "s") as store:
        store.path.chmod(0o644)
    with Store(tmp_path / "s") as store:
        assert mode(store.path) == 0o600


def test_pages_that_are_damaged_are_said_where_the_store_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with Store(folder) as store:
        grade(added(store.run(EXERCISES, HEADER, "en"), (submission(f"s{number}") for number in range(50))))
    with (folder / "store.sqlite").open("r+b") as file:
        for page in range(2, file.seek(0, os.SEEK_END) // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    with pytest.raises(StoreError, match=r"the store .* is damaged") as caught, Store(folder) as store:
        list(added(store.run(EXERCISES, HEADER, "en"), [submission("s1")]).attempts())
        tuple(store.export())
    assert "the history of assignments is what was last exported" in caught.value.hint


def test_an_attempt_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with Store(tmp_path / "s") as store:
        kept(store)
        with store.connection:
            store.connection.execute("UPDATE attempts SET content = x'7b7d'")
        with pytest.raises(StoreError, match="an attempt in the store cannot be read: a field is missing") as caught:
            list(added(store.run(EXERCISES, HEADER, "en"), [ADA]).attempts())
    assert caught.value.hint == "move store.sqlite in the state folder aside; everything is graded again then"


def test_a_full_disk_loses_nothing_that_was_finished(tmp_path: Path) -> None:
    folder, text = tmp_path / "s", "".join(map(str, range(2000)))
    finished = 0
    with pytest.raises(StoreError, match="there is no room left") as caught, Store(folder) as store:
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count = {pages + 40}")
        run = added(
            store.run(EXERCISES, HEADER, "en"),
            (submission(f"s{number:03}", f"{number}{text}") for number in range(200)),
        )
        for task in run.pending():
            run.keep(done(task))
            finished += len(task.exercises)
    assert 0 < finished < 600
    assert caught.value.hint == "make room there and give the same command again: it goes on where it stopped"
    with Store(folder) as store:
        run = added(
            store.run(EXERCISES, HEADER, "en"),
            (submission(f"s{number:03}", f"{number}{text}") for number in range(200)),
        )
        assert run.counts().unchanged == finished
        assert grade(run) == 600 - finished


def test_another_that_writes_too_long_is_said(tmp_path: Path) -> None:
    with Store(tmp_path / "s") as busy:
        busy.connection.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(
                StoreError, match=r"another torchgrade has been writing .* for more than 5 seconds"
            ) as caught,
            Store(tmp_path / "s") as store,
        ):
            store.connection.execute("PRAGMA busy_timeout = 10")
            run = added(store.run(EXERCISES, HEADER, "en"), [ADA])  # reading, and what is its own, need no lock
            grade(run)
        assert "wait until it is done" in caught.value.hint


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (sqlite3.SQLITE_READONLY, "cannot be written"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "cannot be written"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be written"),
        (sqlite3.SQLITE_IOERR_WRITE, "the disk failed at the store /state/store.sqlite"),
        (sqlite3.SQLITE_LOCKED, "another torchgrade has been writing"),
        (sqlite3.SQLITE_CORRUPT_VTAB, "is damaged"),
    ],
)
def test_what_sqlite_says_is_a_sentence(code: int, message: str) -> None:
    error = sqlite3.OperationalError("it failed")
    error.sqlite_errorcode = code
    told = sentence(error, "/state/store.sqlite")
    assert told is not None
    assert message in told.message
    assert told.hint


def test_a_store_that_may_only_be_read_is_said(tmp_path: Path) -> None:
    with Store(tmp_path / "s"):
        pass
    message = r"cannot be written \(attempt to write a readonly database\)"
    with pytest.raises(StoreError, match=message), Store(tmp_path / "s") as store:
        store.connection.execute("PRAGMA query_only = ON")
        kept(store)


def test_our_own_faults_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), Store(tmp_path / "s") as store:
        store.connection.execute("SELECT * FROM nowhere")
    with pytest.raises(KeyError), Store(tmp_path / "s"):
        raise KeyError


MOUNTS = """\
22 1 {device} / / rw,relatime shared:1 - {kind} server:/home rw
23 22 0:21 / /proc rw - proc proc rw
"""


@pytest.mark.parametrize(
    ("kind", "is_refused"),
    [("ext4", False), ("nfs4", True), ("fuse.sshfs", True), ("cifs", True), ("tmpfs", False), ("fuse.mergerfs", False)],
)
def test_network_file_systems_are_refused(tmp_path: Path, kind: str, is_refused: bool) -> None:
    device = tmp_path.stat().st_dev
    mounts = MOUNTS.format(device=f"{os.major(device)}:{os.minor(device)}", kind=kind)
    assert file_system(tmp_path, mounts) == kind.removeprefix("fuse.")
    if is_refused:
        with pytest.raises(StoreError, match=r"is on a network file system \(\w+\), where it may be damaged"):
            refuse_network(tmp_path, mounts)
    else:
        refuse_network(tmp_path, mounts)


def test_a_file_system_that_is_not_in_the_table_is_unknown(tmp_path: Path) -> None:
    assert file_system(tmp_path, "nonsense\n1 2 999:999 / / rw - nfs a b\n") == ""


def test_a_store_of_an_older_version_is_brought_to_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "s") as store:
        kept(store)
    later = (("CREATE TABLE more (x)", "INSERT INTO more VALUES (1)"), ("ALTER TABLE more ADD y",))
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, *later))
    for _ in range(2):
        with Store(tmp_path / "s") as store:
            assert store.connection.execute("SELECT x, y FROM more").fetchall() == [(1, None)]
            assert store.connection.execute("PRAGMA user_version").fetchone() == (3,)
            assert count(store) == 3


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "s"):
        pass
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, ("CREATE TABLE more (x)", "nonsense")))
        with pytest.raises(sqlite3.OperationalError):
            Store(tmp_path / "s").__enter__()
    with Store(tmp_path / "s") as store:
        assert store.connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'more'").fetchone() is None
