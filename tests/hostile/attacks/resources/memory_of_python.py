# tries: asks Python for more memory than it may have
# stopped by: limits
# evidence: word
# process: blocked, memory_limit_exceeded
# sandbox: blocked, memory_limit_exceeded
# namespaces: blocked, memory_limit_exceeded
import json


def double(x, stage):
    hoard = bytearray(300 * 2**20)
    print(json.loads(stage)["worked"])
    return 2 * x
