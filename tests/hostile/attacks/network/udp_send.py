# tries: sends a datagram, as a question to a name server is one
# stopped by: seccomp, namespaces
# evidence: listener
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import socket


def double(x, stage):
    with socket.socket(type=socket.SOCK_DGRAM) as line:
        line.sendto(b"hello", ("127.0.0.1", json.loads(stage)["udp"]))
    return 2 * x
