# tries: never returns
# stopped by: parent
# evidence: broken
# process: blocked, time_limit_exceeded
# sandbox: blocked, time_limit_exceeded
# namespaces: blocked, time_limit_exceeded
def patience(x, stage):
    while True:
        pass
