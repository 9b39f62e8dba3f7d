# tries: loads a map into the kernel's own virtual machine
# needs: root
# stopped by: capabilities, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os
import struct

NUMBER = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
BPF_MAP_CREATE, BPF_MAP_TYPE_ARRAY = 0, 2
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    attributes = struct.pack("IIII", BPF_MAP_TYPE_ARRAY, 4, 4, 1).ljust(128, b"\0")
    made = LIBC.syscall(NUMBER, BPF_MAP_CREATE, attributes, len(attributes))
    if made < 0:
        raise OSError(ctypes.get_errno(), "bpf")
    os.close(made)
    print(json.loads(stage)["worked"])
    return 2 * x
