# tries: waits for ever, without using the processor
# stopped by: parent
# evidence: broken
# process: blocked, time_limit_exceeded
# sandbox: blocked, time_limit_exceeded
# namespaces: blocked, time_limit_exceeded
import time


def patience(x, stage):
    time.sleep(1000)
