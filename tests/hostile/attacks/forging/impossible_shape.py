# tries: answers with a tensor of 2**78 elements that has no bytes
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    answer = {"is": "snapshot", "after": [], "returned": ["float32", [2**39, 2**39, 0]]}
    header = json.dumps({"number": 2, "answers": [answer]}).encode()
    os.write(3, len(header).to_bytes(4, "big") + bytes(4) + header)
    os._exit(0)
