# tries: raises an exception that has fifty million letters to say
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    raise ValueError("x" * 50_000_000)
