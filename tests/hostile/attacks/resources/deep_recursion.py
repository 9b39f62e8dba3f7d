# tries: has Python's own C code call itself until the stack of the process overflows
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    nest = ()
    for _ in range(200_000):
        nest = (nest,)
    return hash(nest) * x
