"""A Dask cluster: the way to it, and whether all that is in it is fit for grading."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from logging import CRITICAL, getLogger
from platform import python_version
from ssl import SSLContext
from time import monotonic
from typing import TYPE_CHECKING

from torchgrade.errors import UsageError
from torchgrade.executors.address import TLS, is_safe, place
from torchgrade.executors.fitness import SAME_VERSIONS, misfits

if TYPE_CHECKING:
    from distributed import Client, Scheduler, Worker

AGAIN = "what was graded is kept: run the same command again when the cluster is back"
_CONNECT_SECONDS = 5.0
_FIRST_WORKER_SECONDS = 20.0
_LOOK_SECONDS = 2.0
_PYTHON = "python"
_PRODUCT = "torchgrade"


class Cluster:
    """Where chunks are sent. Workers may come and go; each is looked at before chunks are counted on it."""

    def __init__(self, client: Client, address: str, versions: Mapping[str, str]) -> None:
        self.client = client
        self._address = address
        self._versions = versions
        self._fit: set[str] = set()
        self._slots = 0
        self._looked = float("-inf")
        self._last_worker = monotonic()

    def slots(self) -> int:
        """How many chunks its workers do at a time, as of two seconds ago. Raises UsageError if one is unfit."""
        if monotonic() - self._looked > _LOOK_SECONDS:
            with self.within_reach():
                threads = self.client.nthreads()
                self._verify([worker for worker in threads if worker not in self._fit])
            self._slots = sum(threads.values())
            self._looked = monotonic()
            self._last_worker = self._looked if threads else self._last_worker
        return self._slots

    def seconds_without_workers(self) -> float:
        """How long the last of them has been gone; 0 if there are any."""
        return 0.0 if self.slots() else monotonic() - self._last_worker

    @contextmanager
    def within_reach(self) -> Iterator[None]:
        """What is asked of the cluster in this block needs a scheduler. Raises UsageError if it is gone."""
        from distributed.client import ClosedClientError, FutureCancelledError

        try:
            yield
        except TimeoutError:
            raise
        except (OSError, ClosedClientError, FutureCancelledError) as error:
            raise UsageError(f"the Dask scheduler at {self._address} is gone", hint=AGAIN) from error

    def _verify(self, workers: list[str]) -> None:
        """A worker that goes away while it is asked says nothing, and is asked again if it comes back."""
        if not workers:
            return
        for worker, found in _versions(self.client, workers, self._versions).items():
            if wrong := misfits(self._versions, found):
                raise UsageError(f"the Dask worker at {worker} {wrong}", hint=SAME_VERSIONS)
        for worker, addresses in self.client.run(worker_listens_at, workers=workers, on_error="ignore").items():
            _refuse_open(f"the Dask worker at {worker}", addresses)
            self._fit.add(worker)


@contextmanager
def connected(address: str, versions: Mapping[str, str]) -> Iterator[Cluster]:
    """A cluster that is fit for grading. Raises UsageError, within seconds, if it is not, or not there."""
    client = _client(address)
    getLogger("distributed.client").setLevel(CRITICAL)  # what becomes of the cluster is told by us, in a sentence
    try:
        _verify_scheduler(client, address, versions)
        _await_worker(client, address)
        yield Cluster(client, address, versions)
    finally:
        client.close()


def worker_listens_at(dask_worker: Worker) -> list[str]:
    """In a worker, where Dask fills in the parameter: often more than the one address that it tells others."""
    return [listener.listen_address for listener in dask_worker.listeners]


def scheduler_listens_at(dask_scheduler: Scheduler) -> list[str]:
    """In the scheduler, where Dask fills in the parameter."""
    return [listener.listen_address for listener in dask_scheduler.listeners]


def _client(address: str) -> Client:
    try:
        from distributed import Client, Security
    except ImportError as error:
        raise UsageError("grading on a cluster needs Dask", hint="pip install 'torchgrade[dask]'") from error
    security = Security()
    encryption = security.get_connection_args("client")["ssl_context"] if address.startswith("tls:") else None
    if address.startswith("tls:") and encryption is None:
        raise UsageError(
            f"{address} needs certificates, and Dask's configuration names none",
            hint=f"set distributed.comm.tls.ca-file and distributed.comm.tls.client; {TLS}",
        )
    try:
        _listen_to(place(address), encryption)
        return Client(address, timeout=_CONNECT_SECONDS, security=security, set_as_default=False)
    except OSError as error:
        raise UsageError(
            f"there is no Dask scheduler at {address}: {error}", hint="start one: dask scheduler --host 127.0.0.1"
        ) from error


def _listen_to(scheduler: tuple[str, int], encryption: SSLContext | None) -> None:
    """It speaks first. Dask's client would wait for ever for one that says nothing. Raises OSError."""
    with socket.create_connection(scheduler, _CONNECT_SECONDS) as plain:
        line = encryption.wrap_socket(plain) if encryption else plain
        with line:
            if not line.recv(1):
                raise ConnectionError("it hangs up")


def _verify_scheduler(client: Client, address: str, versions: Mapping[str, str]) -> None:
    """It reads the name of the function that its workers are to run, and so needs the module."""
    wanted = {_PRODUCT: versions[_PRODUCT]}
    try:
        found = {_PRODUCT: client.run_on_scheduler(version, _PRODUCT)}
    except ImportError:
        found = {}
    if wrong := misfits(wanted, found):
        raise UsageError(f"the Dask scheduler at {address} {wrong}", hint=SAME_VERSIONS)
    _refuse_open(f"the Dask scheduler at {address}", client.run_on_scheduler(scheduler_listens_at))


def _await_worker(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_FIRST_WORKER_SECONDS)
    except TimeoutError as error:
        raise UsageError(
            f"the Dask scheduler at {address} has no workers",
            hint=f"start some: dask worker --host 127.0.0.1 {address}",
        ) from error


def _versions(client: Client, workers: list[str], wanted: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What each worker has of what is wanted; asked by functions that every Python has."""
    found: dict[str, dict[str, str]] = {worker: {} for worker in workers}
    for name in wanted:
        ask = (python_version,) if name == _PYTHON else (version, name)
        for worker, answer in client.run(*ask, workers=workers, on_error="return").items():
            if isinstance(answer, str):
                found[worker][name] = answer
    return found


def _refuse_open(who: str, addresses: list[str]) -> None:
    for address in addresses:
        if not is_safe(address):
            raise UsageError(
                f"{who} listens at {address} without tls: whoever reaches that port can run code there",
                hint=f"start it with --host 127.0.0.1, or use tls://; {TLS}",
            )
