# tries: sends the grader as many bytes as it takes
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import os


def double(x, stage):
    message = (2).to_bytes(4, "big") + (20 * 2**20).to_bytes(4, "big") + b"{}"
    os.write(3, message)
    block = bytes(2**20)
    for _ in range(20):
        left = block
        while left:
            left = left[os.write(3, left) :]
    os._exit(0)
