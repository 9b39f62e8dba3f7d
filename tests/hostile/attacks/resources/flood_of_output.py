# tries: prints a hundred megabytes
# stopped by: parent
# evidence: broken
# process: blocked, output_limit_exceeded
# sandbox: blocked, output_limit_exceeded
# namespaces: blocked, output_limit_exceeded
import os


def double(x, stage):
    line = b"x" * 2**20
    for _ in range(100):
        os.write(1, line)
    return 2 * x
