"""The switches of torch and Python that outlive a call, kept and put back so that no probe depends on another."""

from __future__ import annotations

import ctypes
import os
import random
import sys
import warnings
from dataclasses import dataclass

import torch
from torch._tensor_str import PRINT_OPTS

_SEED = 20
_mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's
_PERTURB = -6
_PATTERN = 1
_DENORMAL = 5e-324  # what becomes of it tells how the processor is set; torch does not
_PRINTING = ("precision", "threshold", "edgeitems", "linewidth", "sci_mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was switched how."""

    dtype: torch.dtype
    device: torch.device
    gradients: bool
    autocast: bool
    flushes: bool
    anomalies: bool
    threads: int
    deterministic: tuple[bool, bool]
    precision: str
    printing: tuple[object, ...]
    recursion: int
    filters: tuple[object, ...]

    @classmethod
    def capture(cls) -> State:
        """As it is now."""
        return cls(
            dtype=torch.get_default_dtype(),
            device=torch.get_default_device(),
            gradients=torch.is_grad_enabled(),
            autocast=torch.is_autocast_enabled("cpu"),
            flushes=_DENORMAL * 1.0 == 0,
            anomalies=torch.is_anomaly_enabled(),
            threads=torch.get_num_threads(),
            deterministic=(
                torch.are_deterministic_algorithms_enabled(),
                torch.is_deterministic_algorithms_warn_only_enabled(),
            ),
            precision=torch.get_float32_matmul_precision(),
            printing=tuple(getattr(PRINT_OPTS, name) for name in _PRINTING),
            recursion=sys.getrecursionlimit(),
            filters=tuple(warnings.filters),
        )

    def restore(self) -> None:
        """As it was then; all generators start anew from one seed."""
        is_plain = self.device.type == "cpu" and not torch._C._len_torch_function_stack()  # a device is a mode there
        if not is_plain and torch.get_default_device() != self.device:
            torch.set_default_device(None if self.device.type == "cpu" else self.device)
        if torch.get_default_dtype() is not self.dtype:
            torch.set_default_dtype(self.dtype)
        torch._C._set_grad_enabled(self.gradients)
        torch.set_autocast_enabled("cpu", self.autocast)
        torch.set_flush_denormal(self.flushes)
        if torch.is_anomaly_enabled() != self.anomalies:
            torch.autograd.set_detect_anomaly(self.anomalies)
        if torch.get_num_threads() != self.threads:
            torch.set_num_threads(self.threads)
        # Its public name, use_deterministic_algorithms, imports the compiler: a second in every child.
        torch._C._set_deterministic_algorithms(self.deterministic[0], warn_only=self.deterministic[1])
        torch.set_float32_matmul_precision(self.precision)
        for name, value in zip(_PRINTING, self.printing, strict=True):
            setattr(PRINT_OPTS, name, value)
        sys.setrecursionlimit(self.recursion)
        warnings.filters[:] = self.filters  # type: ignore[index]
        os.chdir("/")
        _seed()


def spoil_memory() -> None:
    """Memory that nothing has written holds -1.7e38 (0xFE in every byte) and never, by luck, zeros or an old answer.

    Not before every call: each time, the allocator tidies up its free memory first.
    """
    if _mallopt is not None:
        _mallopt(_PERTURB, _PATTERN)


def _seed() -> None:
    random.seed(_SEED)
    torch.default_generator.manual_seed(_SEED)
    numbers = sys.modules.get("numpy.random")
    if numbers is not None:
        numbers.seed(_SEED)
