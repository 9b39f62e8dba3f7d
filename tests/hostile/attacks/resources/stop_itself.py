# tries: stops its own process, which then neither runs nor ends
# stopped by: parent
# evidence: broken
# process: blocked, time_limit_exceeded
# sandbox: blocked, time_limit_exceeded
# namespaces: blocked, accepted
import signal


def patience(x, stage):
    signal.raise_signal(signal.SIGSTOP)
    return 2 * x
