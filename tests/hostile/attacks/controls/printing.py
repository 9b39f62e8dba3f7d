# tries: prints, warns and logs
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import logging
import sys
import warnings


def double(x, stage):
    print(x)
    print("to the other stream", file=sys.stderr)
    warnings.warn("take care")
    logging.warning("still here")
    return 2 * x
