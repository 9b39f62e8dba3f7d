# tries: sends what it knows to a server
# stopped by: landlock 4, seccomp, namespaces
# evidence: listener
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import socket


def double(x, stage):
    with socket.socket() as line:
        line.settimeout(1)
        line.connect(("127.0.0.1", json.loads(stage)["tcp"]))
        line.send(b"hello")
    return 2 * x
