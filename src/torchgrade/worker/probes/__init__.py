"""The measurements there are: one file for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torchgrade.model.observation import Observation
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.worker.budget import Budget
from torchgrade.worker.load import Loaded
from torchgrade.worker.probes import gradient, value

PROBES: Mapping[ProbeOp, Callable[[Loaded, Mapping[str, object], Probe, Budget], Observation]] = {
    ProbeOp.VALUE: value.measure,
    ProbeOp.GRADIENT: gradient.measure,
}
