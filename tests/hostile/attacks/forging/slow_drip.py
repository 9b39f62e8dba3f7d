# tries: sends its answer so slowly that it never ends, but is never silent
# stopped by: parent
# evidence: broken
# process: blocked, time_limit_exceeded
# sandbox: blocked, time_limit_exceeded
# namespaces: blocked, time_limit_exceeded
import os
import time


def patience(x, stage):
    os.write(3, (1000).to_bytes(4, "big") + bytes(4))
    while True:
        os.write(3, b" ")
        time.sleep(0.02)
