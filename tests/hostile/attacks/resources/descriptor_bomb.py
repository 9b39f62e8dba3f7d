# tries: opens descriptors until there are no more to be had (200 at most here)
# stopped by: limits
# evidence: word
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    numbers = []
    try:
        for _ in range(200):
            numbers.append(os.dup(0))
    finally:
        for number in numbers:
            os.close(number)
    print(json.loads(stage)["worked"])
    return 2 * x
