# tries: says what cannot be written in any encoding
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    raise ValueError("half a character: \ud800")
