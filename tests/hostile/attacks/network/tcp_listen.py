# tries: opens a door for others to come in
# stopped by: landlock 4, seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import socket


def double(x, stage):
    with socket.socket() as door:
        door.bind(("0.0.0.0", 0))
        door.listen()
        print(json.loads(stage)["worked"])
    return 2 * x
