# tries: talks with another process over a socket whose name is in no folder
# stopped by: landlock 6, seccomp, namespaces
# evidence: listener
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import socket


def double(x, stage):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect("\0" + json.loads(stage)["mark"])
        line.send(b"hello")
    return 2 * x
