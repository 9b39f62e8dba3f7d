"""Namespaces: a world of its own, with these files and no others, no network, no other process and no name.

A world that was half entered cannot be left again. So the process that asks to enter stays outside and waits; what goes
on inside is a fork of it, and process 1 there: when that ends, the kernel ends all that ever started inside.

    the caller        stays as it was: it gives the next one its ids, waits, and ends as that ends
      in between      makes the namespaces and their root; it is in them, but for that of processes, which takes a fork
        inside        returns from `enter`
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from torchgrade.worker.confine import libc, root, session

_NEW_MOUNTS = 0x00020000
_NEW_CGROUP = 0x02000000
_NEW_HOST_NAME = 0x04000000
_NEW_IPC = 0x08000000
_NEW_USER = 0x10000000
_NEW_PROCESSES = 0x20000000
_NEW_NETWORK = 0x40000000
_ALL = _NEW_MOUNTS | _NEW_CGROUP | _NEW_HOST_NAME | _NEW_IPC | _NEW_USER | _NEW_PROCESSES | _NEW_NETWORK

_NOBODY = 65534
"""Whom root becomes inside: what is open to root alone outside, must not be open to a submission."""
_HOST_NAME = "worker"
_APART, _MAPPED, _INSIDE = b"apart", b"mapped", b"inside"
_LONGEST = 4096
_SIGNALLED = 128
"""Added to the number of the signal that ended a process, as shells do."""


def enter(paths: Sequence[Path]) -> None:
    """Go on inside, where there are only these files and folders; to be called before torch is loaded.

    Raises OSError, which says what failed, in the caller's own process, which then is as it was.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        ours.close()
        _go_inside(theirs, paths)
        return
    theirs.close()
    try:
        _admit(ours, pid)
    except OSError:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        ours.close()
    _stand_by(pid)


def hide_proc() -> None:
    """Torch is loaded and has computed a product: nothing needs to look at processes and processors any more."""
    root.hide()


def fork() -> int:
    """As os.fork, but the child is process 1 of a namespace of its own. For a process that has entered.

    It takes no second fork: who unshares stays where it is, and only its children are elsewhere.
    """
    own = os.pidfd_open(os.getpid())
    try:
        libc.call("unshare", _NEW_PROCESSES)
        try:
            pid = os.fork()
        except OSError:
            libc.call("setns", own, _NEW_PROCESSES)
            raise
        if pid:
            libc.call("setns", own, _NEW_PROCESSES)
        return pid
    finally:
        os.close(own)


def _admit(line: socket.socket, pid: int) -> None:
    """Give the process that went apart its ids, which it may not do itself, and hear how it fared."""
    while (message := line.recv(_LONGEST)) != _INSIDE:
        if message != _APART:
            number, _, text = message.decode("utf-8", "replace").partition(" ")
            raise OSError(int(number or errno.ECHILD), text or "the process that was to go inside is lost")
        _map(pid)
        line.send(_MAPPED)


def _map(pid: int) -> None:
    """Inside, there is one user and one group: the caller's, or nobody if that is root."""
    user, group = os.geteuid(), os.getegid()
    entries = [("setgroups", "deny")]  # without which an ordinary user may not map a group (user_namespaces(7))
    if user == 0:
        user, group, entries = _NOBODY, _NOBODY, []
    for name, text in [*entries, ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")]:
        try:
            Path(f"/proc/{pid}/{name}").write_text(text, "ascii")
        except OSError as error:
            raise OSError(error.errno, f"write {name}: {error.strerror}") from None


def _go_inside(line: socket.socket, paths: Sequence[Path]) -> None:
    """Returns inside; nothing else of the caller's code may run on in these processes, whatever happens."""
    caller = os.getppid()
    try:
        _make(line, paths)
        session.die_with(caller)
        pid = os.fork()
        if pid:
            _stand_by(pid)
        session.die_with(0)  # getppid says so of a parent that is in another namespace
        line.send(_INSIDE)
        line.close()
    except BaseException as error:
        try:
            line.send(_told(error).encode("utf-8", "replace")[:_LONGEST])
        finally:
            os._exit(1)


def _make(line: socket.socket, paths: Sequence[Path]) -> None:
    was_root = os.geteuid() == 0
    libc.call("unshare", _ALL)
    line.send(_APART)
    if line.recv(_LONGEST) != _MAPPED:
        os._exit(1)
    trees = root.take(paths)  # as the caller, who may pass through folders that are closed to nobody
    if was_root:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    root.change(trees)
    socket.sethostname(_HOST_NAME)
    # Modules that ask for a folder for temporary files while they are imported are content with the name of one.
    tempfile.tempdir = os.environ["TORCHINDUCTOR_CACHE_DIR"] = root.TEMPORARY


def _told(error: BaseException) -> str:
    """An errno, and what failed."""
    if not isinstance(error, OSError):
        return f"{errno.EIO} {type(error).__name__}: {error}"
    text = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
    return f"{error.errno or errno.EIO} {text}"


def _stand_by(pid: int) -> NoReturn:
    """Wait for a process with nothing open, and end as it ends."""
    os.closerange(0, os.sysconf("SC_OPEN_MAX"))
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else _SIGNALLED - code)
