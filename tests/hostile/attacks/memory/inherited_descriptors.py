# tries: reads from every descriptor that it finds open
# stopped by: exec
# evidence: secret
# process: blocked, accepted
# sandbox: blocked, accepted
# namespaces: blocked, accepted
import os
from contextlib import suppress


def double(x, stage):
    for number in range(3, 256):
        with suppress(OSError):
            print(os.pread(number, 1000, 0).decode())
    return 2 * x
