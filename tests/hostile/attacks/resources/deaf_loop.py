# tries: never returns, ignores every signal that it may and catches every exception
# stopped by: parent
# evidence: broken
# process: blocked, time_limit_exceeded
# sandbox: blocked, time_limit_exceeded
# namespaces: blocked, time_limit_exceeded
import signal


def patience(x, stage):
    for number in (signal.SIGXCPU, signal.SIGALRM, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
