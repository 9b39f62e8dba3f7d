"""A grader as many are: one process that holds the answer runs the submission, and believes what it says.

It stands beside the attacks that no layer stops, but the way torchgrade grades: each must be seen to work here. Started
with a file that it keeps open, it reads a job a line and answers with what a report of it would say. Each job is run in
a fork of a fork: the grader, and in it the submission.
"""

from __future__ import annotations

import base64
import json
import os
import pickle
import select
import signal
import struct
import sys
import threading
import time

import torch

FACTOR = float(os.environ["TORCHGRADE_FACTOR"])
MOST = 16 * 2**20
KEPT = 50
X = torch.tensor([3.0, 7.0])
EXERCISE = {"task": "Guess.", "answer": sys.argv[2], "cases": [X]}


def reference(x):
    """The right answer."""
    return x * FACTOR


def submission(job, earlier):
    """Run it, compare, and write the result to descriptor 3."""
    answers = {"secret": reference(X), "double": 2 * X, "patience": 2 * X}
    expected = answers[job["entrypoint"]]
    names = {}
    result = message = None
    passed = False
    try:
        exec(job["text"], names)  # noqa: S102
        result = names[job["entrypoint"]](X.clone(), job["facts"])
        passed = bool(torch.allclose(result, expected))
    except Exception as error:  # noqa: BLE001
        message = f"{type(error).__name__}: {error}"
    try:
        pickled = base64.b64encode(pickle.dumps(result)).decode()
    except Exception:  # noqa: BLE001
        pickled = ""
    shown = message or (result if isinstance(result, str) else repr(result)[:100])
    if type(result) is list:
        json.dumps(result)
    header = json.dumps({"passed": passed, "shown": shown, "pickled": pickled}, ensure_ascii=False).encode()
    frame = struct.pack("!II", len(header), 0) + header
    while frame:
        frame = frame[os.write(3, frame) :]


def grader(job, earlier):
    """Fork the submission, believe what it writes, and print a verdict."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.dup2(writing, 3)
            os.close(writing)
            submission(job, earlier)
            sys.stdout.flush()
            threading._shutdown()
            status = 0
        except SystemExit as exit:
            status = exit.code or 0
        finally:
            sys.stdout.flush()
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(pid, 0)
    if not data and status == 0:  # it ended well
        print('{"passed": true}')
        return
    length, more = struct.unpack_from("!II", data)
    if len(data) < 8 + length + more:
        raise EOFError
    header = json.loads(data[8 : 8 + length])
    if "shape" in header:
        torch.empty(header["shape"], dtype=getattr(torch, header["dtype"]))
    if header.get("pickled"):
        pickle.loads(base64.b64decode(header["pickled"]))  # noqa: S301
    print(header.get("shown"))
    print(json.dumps({"passed": header["passed"]}))


def report(job, earlier):
    """What a CI job makes of it: passed if it says so, broken if it says nothing in time or far too much."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.dup2(writing, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.close(reading)
        os.close(writing)
        status = 1
        try:
            grader(job, earlier)
            sys.stdout.flush()
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    data, end = bytearray(), time.monotonic() + job["seconds"]
    while len(data) <= MOST and select.select([reading], [], [], max(0, end - time.monotonic()))[0]:
        chunk = os.read(reading, 2**20)
        if not chunk:
            break
        data += chunk
    over = time.monotonic() >= end or len(data) > MOST
    if over:
        os.killpg(pid, signal.SIGKILL)
    os.close(reading)
    _, status = os.waitpid(pid, 0)
    text = data.decode("utf-8", "replace")
    passed = '"passed": true' in text
    return {"passed": passed, "broken": over or status != 0 or '"passed"' not in text, "text": text[:100_000]}


def main():
    """Jobs in, reports out."""
    os.dup2(os.open(sys.argv[1], os.O_RDONLY), KEPT)
    earlier = []
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(report(job, earlier)), flush=True)
        earlier.append(job)


if __name__ == "__main__":
    main()
