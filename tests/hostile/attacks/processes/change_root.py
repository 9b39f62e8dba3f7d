# tries: moves, with the rights of root, to another root folder: a step on every known way out of one
# needs: root
# stopped by: capabilities, seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    os.chroot("/")
    print(json.loads(stage)["worked"])
    return 2 * x
