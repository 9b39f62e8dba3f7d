# tries: reads the environment that the C library holds, from which Python's os.environ is only a copy
# stopped by: exec
# evidence: secret
# process: blocked, accepted
# sandbox: blocked, accepted
# namespaces: blocked, accepted
import ctypes


def double(x, stage):
    entries = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    place = 0
    while entries[place]:
        print(entries[place].decode())
        place += 1
    return 2 * x
