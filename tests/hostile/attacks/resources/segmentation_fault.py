# tries: crashes its process by reading where there is no memory
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes


def double(x, stage):
    ctypes.string_at(0)
