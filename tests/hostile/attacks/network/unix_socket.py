# tries: talks with a service of the machine over its socket, as one talks with Docker's
# stopped by: seccomp, namespaces
# evidence: listener
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import socket


def double(x, stage):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(json.loads(stage)["socket"])
        line.send(b"hello")
    return 2 * x
