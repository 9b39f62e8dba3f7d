# tries: answers the next question before it is asked, from a thread that goes on
# stopped by: parent
# evidence: points
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def secret(x, stage):
    header = json.dumps({"passed": True, "number": 3, "answers": []}).encode()
    os.write(3, len(header).to_bytes(4, "big") + bytes(4) + header)
    return x
