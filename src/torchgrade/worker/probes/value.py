"""The value probe: call once, and read at once what was returned and what is left in the parameters."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.model.observation import Snapshot
from torchgrade.model.probe import Probe
from torchgrade.worker.budget import Budget
from torchgrade.worker.load import Loaded
from torchgrade.worker.reading import Quietly, Reader


def measure(loaded: Loaded, inputs: Mapping[str, object], probe: Probe, budget: Budget) -> Snapshot:
    """One call, one Snapshot; ordinals of memory and identity agree across all of it."""
    returned = loaded.invoke(inputs)
    with Quietly():
        reader = Reader(budget)
        value = reader.read(returned)
        return Snapshot(returned=value, after={name: reader.read(thing) for name, thing in inputs.items()})
