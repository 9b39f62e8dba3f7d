# tries: asks the kernel about the machine's network
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import socket


def double(x, stage):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) as line:
        line.bind((0, 0))
        print(json.loads(stage)["worked"])
    return 2 * x
