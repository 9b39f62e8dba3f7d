# tries: reads its own memory map, which says where every library lies in all other submissions' as well
# stopped by: landlock, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json


def double(x, stage):
    with open("/proc/self/maps") as file:
        if "libtorch" in file.read():
            print(json.loads(stage)["worked"])
    return 2 * x
