# tries: asks a file system for more than reading, by a control call on a file that it may read
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import fcntl
import json
import os

FS_IOC_GETFLAGS = 0x80086601


def double(x, stage):
    with open(os.__file__) as file:
        fcntl.ioctl(file, FS_IOC_GETFLAGS, bytes(8))
    print(json.loads(stage)["worked"])
    return 2 * x
