# tries: asks the kernel for shared memory, which a limit of private memory does not count
# stopped by: limits
# evidence: word
# process: blocked, memory_limit_exceeded
# sandbox: blocked, memory_limit_exceeded
# namespaces: blocked, memory_limit_exceeded
import json
import mmap


def double(x, stage):
    hoard = mmap.mmap(-1, 300 * 2**20)
    print(json.loads(stage)["worked"])
    return 2 * x
