# tries: answers with a tensor of a type that does not exist
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    answer = {"is": "snapshot", "after": [], "returned": ["__class__", [2]]}
    header = json.dumps({"number": 2, "answers": [answer]}).encode()
    os.write(3, len(header).to_bytes(4, "big") + (8).to_bytes(4, "big") + header + bytes(8))
    os._exit(0)
