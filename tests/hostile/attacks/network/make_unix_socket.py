# tries: puts a socket into the course folder for others to talk to
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import socket


def double(x, stage):
    facts = json.loads(stage)
    path = f"{facts['course']}/{facts['mark']}"
    if not os.path.exists(path):
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(path)
    return 2 * x
