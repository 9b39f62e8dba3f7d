# tries: answers with 400,000 brackets, which is deeper than a parser can follow
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import os


def double(x, stage):
    header = b"[" * 400_000
    message = len(header).to_bytes(4, "big") + bytes(4) + header
    while message:
        message = message[os.write(3, message) :]
    os._exit(0)
