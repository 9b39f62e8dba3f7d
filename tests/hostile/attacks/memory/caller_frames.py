# tries: walks up the frames of its callers and returns what one of them expects
# stopped by: exec
# evidence: points
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import sys


def secret(x, stage):
    frame = sys._getframe()
    while frame := frame.f_back:
        if "expected" in frame.f_locals:
            return frame.f_locals["expected"]
    raise LookupError("nobody up there expects anything")
