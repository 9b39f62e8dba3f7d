# tries: searches its memory, page by page, for what another student handed in before
# stopped by: exec
# evidence: secret
# process: blocked, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import re

MOST = 64 * 2**20


def double(x, stage):
    pattern = re.compile(b"cana" + rb"ry-[0-9a-f]{8}-earlier")
    with open("/proc/self/maps") as file:
        for line in file:
            span, rights, _, _, inode, *_ = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if rights.startswith("rw") and inode == "0" and end - start < MOST and "[v" not in line:
                for found in pattern.findall(ctypes.string_at(start, end - start)):
                    print(found.decode())
    return 2 * x
