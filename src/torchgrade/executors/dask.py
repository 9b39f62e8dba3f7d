"""Many submissions at a time, on the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from torchgrade.errors import TorchgradeError, UsageError
from torchgrade.executors.address import verified
from torchgrade.executors.chunks import Chunk, Chunks
from torchgrade.executors.cluster import AGAIN, Cluster, connected
from torchgrade.model.isolation import PROCESS
from torchgrade.model.recipe import Recipe
from torchgrade.model.task import Done, Task
from torchgrade.wire import chunks as wire
from torchgrade.wire import recipes

if TYPE_CHECKING:
    from distributed import Future

Work: TypeAlias = Callable[[bytes, bytes], bytes]
"""What a worker does: an encoded recipe and an encoded chunk make an encoded answer. It goes there by its name."""
GiveUp: TypeAlias = Callable[[Task, Exception], Done]
"""What becomes of a task that no worker survives."""
_AHEAD = 2
"""So many chunks for each thread of the workers are under way: memory does not grow with the class."""
_LOOK_SECONDS = 5.0
_PATIENCE_SECONDS = 60.0
_RETRIES = 1


class DaskExecutor:
    """Grades by a recipe wherever the cluster at `address` has a worker to spare."""

    kind: ClassVar[str] = "dask"

    def __init__(self, address: str, recipe: Recipe, work: Work, give_up: GiveUp) -> None:
        """Raises UsageError for an address or an isolation level that is not safe."""
        if recipe.isolation == PROCESS.level:
            raise UsageError(
                f"on a cluster, nothing is graded with --isolation {PROCESS.level}: it is no sandbox",
                hint="--isolation sandbox, or namespaces",
            )
        self._address = verified(address)
        self._recipe = recipe
        self._work = work
        self._give_up = give_up

    def map(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """The results as chunks are done. A refusal, there or here, ends the run; so does the end of the cluster.

        Whoever stops asking waits for nothing: what has not begun is dropped, and nobody hears of what has.
        """
        with connected(self._address, self._recipe.versions) as cluster:
            yield from _Flights(cluster, self._send(cluster), self._give_up).results(iter(tasks))

    def _send(self, cluster: Cluster) -> Callable[[Chunk], Future[bytes]]:
        recipe = recipes.encode(self._recipe)

        def send(chunk: Chunk) -> Future[bytes]:
            data = wire.encode(chunk.tasks)
            with cluster.within_reach():
                return cluster.client.submit(self._work, recipe, data, pure=False, retries=_RETRIES)

        return send


class _Flights:
    """Chunks on their way. Each has one future at a time, and only what that brings back counts."""

    def __init__(self, cluster: Cluster, send: Callable[[Chunk], Future[bytes]], give_up: GiveUp) -> None:
        self._cluster = cluster
        self._send = send
        self._give_up = give_up
        self._flying: dict[object, tuple[Future[bytes], Chunk]] = {}
        self._landings: SimpleQueue[Future[bytes]] = SimpleQueue()

    def results(self, tasks: Iterator[Task]) -> Iterator[Done]:
        chunks = Chunks(tasks)
        while True:
            self._launch(chunks)
            if not self._flying:
                return
            yield from self._land(chunks, self._next())

    def _launch(self, chunks: Chunks) -> None:
        slots = max(1, self._cluster.slots())
        while len(self._flying) < _AHEAD * slots and (chunk := chunks.next(slots)):
            future = self._send(chunk)
            self._flying[future.key] = future, chunk
            self._await(future)

    def _await(self, future: Future[bytes]) -> None:
        future.add_done_callback(self._landings.put)

    def _next(self) -> Future[bytes]:
        """The next future that is done."""
        while True:
            try:
                return self._landings.get(timeout=_LOOK_SECONDS)
            except Empty:
                self._wait_on()

    def _wait_on(self) -> None:
        """Work takes as long as it takes, if there is a worker; one may be on its way."""
        if self._cluster.seconds_without_workers() > _PATIENCE_SECONDS:
            raise UsageError("the Dask cluster has lost all its workers", hint=AGAIN)

    def _land(self, chunks: Chunks, future: Future[bytes]) -> Iterator[Done]:
        from distributed import KilledWorker

        _, chunk = self._flying[future.key]
        try:
            data = self._answer(future)
        except KilledWorker:
            del self._flying[future.key]
            error = TorchgradeError("every worker of the cluster that was given this submission died")
            yield from (self._give_up(task, error) for task in chunks.lost(chunk))
        except TimeoutError:
            self._wait_on()
            self._await(future)  # its worker died when it was done, before we asked: it is done again
        else:
            del self._flying[future.key]
            future.release()
            chunks.landed(chunk)
            yield from wire.decode_done(data, chunk.tasks)

    def _answer(self, future: Future[bytes]) -> bytes:
        """What came back; what a worker raises is raised here."""
        with nullcontext() if future.status == "error" else self._cluster.within_reach():
            return future.result(timeout=_LOOK_SECONDS)
