"""Where submissions are graded: one after another, several at a time, or on the workers of a cluster."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.executors.dask import DaskExecutor
from torchgrade.executors.pool import PoolExecutor
from torchgrade.executors.serial import SerialExecutor
from torchgrade.model.kinds import Executor

EXECUTORS: Mapping[str, type[Executor]] = {each.kind: each for each in (SerialExecutor, PoolExecutor, DaskExecutor)}
"""Executors by name."""
