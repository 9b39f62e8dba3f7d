# tries: looks at the clocks, and sleeps a moment
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import datetime
import time


def double(x, stage):
    time.sleep(0.001)
    assert time.perf_counter() > 0 and time.process_time() > 0 and datetime.datetime.now().year > 2000
    return 2 * x
