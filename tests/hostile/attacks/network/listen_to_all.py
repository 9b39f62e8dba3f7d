# tries: listens, with the rights of root, to everything that passes on the network
# needs: root
# stopped by: capabilities, seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import socket


def double(x, stage):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW):
        print(json.loads(stage)["worked"])
    return 2 * x
