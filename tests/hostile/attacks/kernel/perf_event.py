# tries: counts events of the processor, from which secrets of neighbours can be guessed
# needs: perf
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os
import struct

NUMBER = {"x86_64": 298, "aarch64": 241}[os.uname().machine]
SOFTWARE, TASK_CLOCK, EXCLUDE_KERNEL = 1, 1, 1 << 5 | 1 << 6
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    attributes = struct.pack("IIQQQQQ", SOFTWARE, 128, TASK_CLOCK, 0, 0, 0, EXCLUDE_KERNEL).ljust(128, b"\0")
    counter = LIBC.syscall(NUMBER, attributes, 0, -1, -1, 0)
    if counter < 0:
        raise OSError(ctypes.get_errno(), "perf_event_open")
    os.close(counter)
    print(json.loads(stage)["worked"])
    return 2 * x
