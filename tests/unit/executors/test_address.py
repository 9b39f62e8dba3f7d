"""Addresses of a cluster: loopback or tls, and every other one refused with a reason."""

from __future__ import annotations

import pytest

from torchgrade.errors import UsageError
from torchgrade.executors.address import is_safe, place, verified


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:8786",
        "tcp://127.9.9.9:8786",
        "tcp://localhost:1",
        "tcp://LOCALHOST:1",
        "tcp://[::1]:8786",
        "tls://127.0.0.1:8786",
        "tls://cluster.example.edu:8786",
    ],
)
def test_loopback_and_tls_may_be_used(address):
    assert verified(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "tcp://192.0.2.2:8786",
        "tcp://0.0.0.0:8786",
        "tcp://[::]:8786",
        "tcp://cluster.example.edu:8786",
        "tcp://localhost.example.edu:8786",
        "tcp://127.0.0.1.example.edu:8786",
        "tcp://127.1:8786",
        "tcp://127.0.0.1@192.0.2.2:8786",
    ],
)
def test_any_other_plain_address_is_refused_with_the_reason_and_the_way_out(address):
    with pytest.raises(UsageError, match=r"without tls, whoever reaches the port .* can run code") as refusal:
        verified(address)
    assert "use tls://, or a scheduler on this machine" in refusal.value.hint


@pytest.mark.parametrize(
    "address",
    ["", "127.0.0.1:8786", "tcp://127.0.0.1", "tcp://:8786", "ws://127.0.0.1:80", "inproc://1/2/3", "tcp://127.0.0.1:x",
     "tcp://[::1:8786", "tls://host:99999", "tcp://127.0.0.1:0"],
)  # fmt: skip
def test_what_is_no_address_is_told_what_one_looks_like(address):
    with pytest.raises(UsageError, match="is no address of a Dask scheduler") as refusal:
        verified(address)
    assert refusal.value.hint == "tcp://127.0.0.1:8786, or tls://HOST:8786"


@pytest.mark.parametrize(
    ("address", "safe"), [("tcp://0.0.0.0:1", False), ("tcp://", False), ("tls://0.0.0.0:1", True)]
)
def test_where_a_worker_listens_is_judged_alike(address, safe):
    assert is_safe(address) is safe


def test_the_place_of_an_address():
    assert place("tls://[::1]:8786") == ("::1", 8786)
