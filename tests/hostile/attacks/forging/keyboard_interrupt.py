# tries: raises KeyboardInterrupt, which passes every `except Exception` of a grader
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    raise KeyboardInterrupt
