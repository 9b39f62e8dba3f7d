# tries: opens a line to the host of a virtual machine, which no network namespace cuts
# needs: vsock
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import socket


def double(x, stage):
    with socket.socket(socket.AF_VSOCK):
        print(json.loads(stage)["worked"])
    return 2 * x
