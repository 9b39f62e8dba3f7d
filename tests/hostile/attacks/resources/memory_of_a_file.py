# tries: writes into a file that exists in memory only, which no limit of memory counts
# stopped by: limits, seccomp
# evidence: word
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    file = os.memfd_create("hoard")
    os.write(file, bytes(2**20))
    os.close(file)
    print(json.loads(stage)["worked"])
    return 2 * x
