# tries: spends hours inside one operation, between two instructions of Python
# stopped by: parent
# evidence: broken
# process: blocked, time_limit_exceeded
# sandbox: blocked, time_limit_exceeded
# namespaces: blocked, time_limit_exceeded
def patience(x, stage):
    return 7**10**9
