# tries: reads the arguments that the grader was started with
# stopped by: exec
# evidence: secret
# process: blocked, accepted
# sandbox: blocked, accepted
# namespaces: blocked, accepted
import sys


def double(x, stage):
    print(*sys.orig_argv)
    return 2 * x
