"""Every layer that may be missing is named with its errno, and what to do."""

from __future__ import annotations

import errno

import pytest

from torchgrade.sandbox.refusals import refused


@pytest.mark.parametrize(
    ("layer", "number", "what_to_do"),
    [
        ("landlock", errno.ENOSYS, "Landlock takes Linux 5.13 or later"),
        ("landlock", errno.EOPNOTSUPP, "add landlock to the kernel's lsm= parameter"),
        ("landlock", errno.EPERM, "a container's own filter forbids Landlock"),
        ("seccomp", errno.ENOSYS, "seccomp filters take Linux 4.14 or later on x86-64 or aarch64"),
        ("namespaces", errno.EPERM, "user namespaces are switched off for you here"),
        ("namespaces", errno.EACCES, "--isolation sandbox needs none"),
        ("namespaces", errno.ENOSPC, "user.max_user_namespaces is used up or 0"),
        ("namespaces", errno.ENOSYS, "this kernel has no namespaces"),
        ("landlock", errno.EIO, "torchgrade doctor shows what there is here"),
    ],
)
def test_a_refusal_says_what_is_missing_and_what_to_do(layer: str, number: int, what_to_do: str) -> None:
    refusal = refused("namespaces", layer, number, "the kernel's words")
    name = errno.errorcode[number]
    assert refusal.message == (
        f"namespaces: not to be had here, because its layer {layer} is missing ({name}: the kernel's words)"
    )
    assert what_to_do in refusal.hint
    assert refusal.hint.endswith("or, only if you trust every submission: --isolation process (not a sandbox)")
