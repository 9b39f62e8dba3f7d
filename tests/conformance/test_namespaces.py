"""What is there inside namespaces, and what is not; as root, who becomes nobody, and as an ordinary user."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
USERS = {"root": (), "nobody": NOBODY} if os.geteuid() == 0 else {"ordinary": ()}
PYTHON = (sys.executable, "-I", "-P", "-B", "-c")
BEFORE = """
import errno, json, os, socket, sys
from pathlib import Path
from torchgrade.worker.confine import namespaces
from torchgrade.worker.confine.readable import importable, readable
def tell(answer):
    print(json.dumps(answer), flush=True)
def number(action, *arguments):
    try:
        action(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
paths = (*readable(), *importable())
"""
ENTER = BEFORE + "namespaces.enter(paths)\n"
Run = Callable[..., subprocess.CompletedProcess]


def environment() -> dict[str, str]:
    """A zygote's: whoever has several threads cannot fork."""
    return dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def execute(user: tuple[str, ...], text: str, *arguments: object) -> subprocess.CompletedProcess:
    command = [*user, *PYTHON, text, *map(str, arguments)]
    return subprocess.run(command, env=environment(), cwd="/", capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module", params=USERS)
def user(request) -> tuple[str, ...]:
    return _able(USERS[request.param])


@pytest.fixture(scope="module")
def oneself() -> tuple[str, ...]:
    return _able(())


def _able(user: tuple[str, ...]) -> tuple[str, ...]:
    done = execute(user, ENTER + "tell('inside')")
    if done.returncode:
        pytest.skip(f"this machine gives this user no namespaces: {done.stderr.splitlines()[-1]}")
    return user


@pytest.fixture
def inside(user) -> Callable[..., object]:
    """What a program tells, that has entered with what the zygote enters with."""

    def run(text: str, *arguments: object) -> object:
        done = execute(user, ENTER + text, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    return run


WALK = """
namespaces.hide_proc()
shown = set(map(str, paths))
found = []
for folder, folders, files in os.walk("/"):
    here = [os.path.join(folder, name) for name in (*folders, *files)]
    found += [path for path in here if path not in shown]
    folders[:] = [name for name in folders if os.path.join(folder, name) not in shown]
above = {str(parent) for path in paths for parent in path.parents}
tell(sorted(set(found) - above))
"""


def test_only_the_named_files_are_there(inside):
    found = set(inside(WALK)) - {"/tmp"}  # noqa: S108 - which a checkout may itself stand in
    assert found == {"/proc", "/sys", "/sys/devices", "/sys/devices/system", "/sys/devices/system/cpu"}


def test_no_path_to_an_answer_exists(inside, tmp_path):
    canary = tmp_path / "answers.yaml"
    canary.write_text("everybody may read this")
    canary.chmod(0o644)
    package = ROOT / "src" / "torchgrade"
    secrets = [
        canary,
        ROOT / "exercises",
        package / "grading",
        package / "formula",
        Path(__file__),
        Path("/etc/passwd"),
    ]
    secrets += [Path("/home"), Path("/boot"), Path("/var"), Path("/run"), Path("/dev/shm"), Path("/proc/1")]  # noqa: S108
    assert all(map(Path.exists, secrets[:6]))
    text = "namespaces.hide_proc()\ntell([path for path in sys.argv[1:] if os.path.lexists(path)])"
    assert inside(text, *secrets) == []


WRITE = """
def create(path):
    open(path, "w").close()
places = ["/new", "/tmp/new", os.__file__, "/etc/ld.so.cache", f"{os.path.dirname(json.__file__)}/new"]
tell([number(create, place) for place in places] + [number(create, "/dev/null"), number(os.mkdir, "/usr/new")])
"""


def test_nothing_can_be_written(inside):
    assert inside(WRITE) == ["EROFS"] * 5 + [None, "EROFS"]


def test_there_is_no_network_and_no_name(inside):
    text = """
with socket.socket() as line:
    refused = number(line.connect, ("127.0.0.1", 80))
tell([socket.if_nameindex(), refused, os.uname().nodename])
"""
    assert inside(text) == [[[1, "lo"]], "ENETUNREACH", "worker"]


def test_it_is_alone_with_its_children(inside):
    text = "tell([os.getpid(), os.getppid(), number(os.kill, 2, 0), sorted(os.listdir('/proc/self/fd'))])"
    assert inside(text) == [1, 0, "ESRCH", ["0", "1", "2", "3"]]  # the fourth lists the folder


def test_it_is_not_root_outside(inside, user):
    text = "tell([Path('/proc/self/uid_map').read_text().split(), os.getresuid(), os.getresgid(), os.getgroups()])"
    mapped, users, groups, others = inside(text)
    own = os.geteuid() or 65534
    assert mapped == [str(own), str(own), "1"]
    assert users == [own] * 3
    if own == 65534:
        assert (groups, others) == ([own] * 3, [])


def test_modules_find_their_folder_for_temporary_files(inside):
    assert inside("import tempfile; tell(tempfile.gettempdir())") == "/tmp"  # noqa: S108


TORCH = """
from torchgrade.worker import child, warm
import torch
warm.lean()
namespaces.hide_proc()
for topic in warm.TOPICS.values():
    topic()
pid = namespaces.fork()
if pid == 0:
    leaf = torch.ones(3, requires_grad=True)
    (leaf * leaf).sum().backward()
    os._exit(int(leaf.grad.sum()))
tell([torch.backends.cpu.get_cpu_capability(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.listdir("/proc")])
"""
CAPABILITY = "import torch; print(torch.backends.cpu.get_cpu_capability())"


def test_torch_works_and_knows_its_processor(inside):
    here = subprocess.run([*PYTHON, CAPABILITY], capture_output=True, text=True, check=True).stdout.strip()
    assert inside(TORCH) == [here, 6, []]


FORK = """
def child():
    reading, writing = os.pipe()
    pid = namespaces.fork()
    if pid == 0:
        os.write(writing, json.dumps([os.getpid(), os.getppid(), number(os.kill, 2, 0)]).encode())
        os._exit(7)
    os.close(writing)
    _, status = os.waitpid(pid, 0)
    return pid, json.loads(os.read(reading, 100)), os.waitstatus_to_exitcode(status)
answers = [child() for _ in range(3)]
plain = os.fork()
if plain == 0:
    os._exit(os.getpid())
_, status = os.waitpid(plain, 0)
tell([answers, [plain, os.waitstatus_to_exitcode(status)]])
"""


def test_each_child_is_alone(inside):
    answers, plain = inside(FORK)
    assert answers == [[pid, [1, 0, "ESRCH"], 7] for pid in (2, 3, 4)]
    assert plain == [5, 5]


ORPHAN = """
reading, writing = os.pipe()
pid = namespaces.fork()
if pid == 0:
    if os.fork() == 0:
        __import__("time").sleep(600)
    os._exit(0)
os.close(writing)
os.waitpid(pid, 0)
tell(os.read(reading, 1).decode())
"""


def test_what_a_child_started_ends_with_it(inside):
    assert inside(ORPHAN) == ""


SIGNALS = """
pid = namespaces.fork()
if pid == 0:
    os.kill(1, 9)
    os.kill(1, 15)
    os._exit(3)
tell(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def test_a_child_cannot_signal_itself_to_death(inside):
    """As process 1: so a status that says so comes from the kernel or from the zygote."""
    assert inside(SIGNALS) == 3


@pytest.mark.parametrize(("end", "code"), [("os._exit(7)", 7), ("os.abort()", 128 + 11), ("raise SystemExit(0)", 0)])
def test_whoever_waits_outside_learns_how_it_ended(user, end, code):
    assert execute(user, ENTER + end).returncode == code


LIVE = """
outside = os.readlink("/proc/self")
if namespaces.fork():
    tell(int(outside))
__import__("time").sleep(600)
"""


@pytest.mark.parametrize("whom", ["who waits outside", "who is inside"])
def test_nothing_outlives_either_end(user, whom):
    reading, writing = os.pipe()
    command = [*user, *PYTHON, ENTER + LIVE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=[writing], cwd="/") as waiting:
        os.close(writing)
        assert waiting.stdout is not None
        zygote = int(waiting.stdout.readline())
        assert select.select([reading], [], [], 0)[0] == []  # somebody holds the other end
        os.kill(waiting.pid if whom == "who waits outside" else zygote, signal.SIGKILL)
        assert os.read(reading, 1) == b""  # nobody does
    os.close(reading)
    assert waiting.returncode == (-signal.SIGKILL if whom == "who waits outside" else 128 + signal.SIGKILL)


REFUSED = (
    BEFORE
    + """
def refused(*paths):
    before = os.getpid(), sorted(os.listdir("/")), len(os.listdir("/proc/self/fd")), os.uname().nodename
    try:
        namespaces.enter(paths)
    except OSError as error:
        after = os.getpid(), sorted(os.listdir("/")), len(os.listdir("/proc/self/fd")), os.uname().nodename
        return [errno.errorcode[error.errno], error.strerror, before == after, number(os.waitpid, -1, 0)]
"""
)
AGAIN = (
    REFUSED
    + """
first = refused(*paths, Path("/not/there"))
namespaces.enter(paths)
tell([first, os.getpid()])
"""
)


def test_who_is_refused_is_where_it_was_and_can_try_again(user):
    done = execute(user, AGAIN)
    assert (done.returncode, done.stderr) == (0, "")
    missing = ["ENOENT", "open_tree /not/there: No such file or directory", True, "ECHILD"]
    assert json.loads(done.stdout) == [missing, 1]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else inside")
def test_a_folder_that_nobody_may_read_is_refused_to_root(oneself, tmp_path):
    tmp_path.chmod(0o700)
    done = execute(oneself, REFUSED + "tell(refused(*paths, Path(sys.argv[1])))", tmp_path)
    assert json.loads(done.stdout) == ["EACCES", f"user 65534 may not read {tmp_path}", True, "ECHILD"]


@pytest.mark.parametrize(
    ("around", "answer"),
    [
        pytest.param(
            (
                "unshare",
                "--user",
                "--map-root-user",
                "sh",
                "-c",
                'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"',
                "-",
            ),
            ["ENOSPC", "unshare: No space left on device"],
            id="where there are to be none",
        ),
        pytest.param(
            ("unshare", "--user", "--map-root-user"),
            ["EPERM", "write uid_map: Operation not permitted"],
            id="as the only user there is",
        ),
        pytest.param(
            ("unshare", "--user"),
            ["EPERM", "unshare: Operation not permitted"],
            id="as a user who is not mapped",
        ),
    ],
)
def test_a_refusal_says_at_which_step(oneself, around, answer):
    done = execute((*oneself, *around), REFUSED + "tell(refused(*paths))")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [*answer, True, "ECHILD"]
