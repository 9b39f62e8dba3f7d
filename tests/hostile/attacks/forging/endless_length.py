# tries: announces an answer of four gigabytes
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import os


def double(x, stage):
    os.write(3, b"\xff" * 8 + b"{}")
    os._exit(0)
