# tries: answers with a number of 900,000 digits, which takes for ever to read
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import os


def double(x, stage):
    header = b'{"number": ' + b"9" * 900_000 + b"}"
    message = len(header).to_bytes(4, "big") + bytes(4) + header
    while message:
        message = message[os.write(3, message) :]
    os._exit(0)
