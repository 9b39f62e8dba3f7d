# tries: reads the traceback of an exception of its own, with its lines
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import traceback


def double(x, stage):
    try:
        return 1 / 0  # this very line
    except ZeroDivisionError:
        assert "# this very line" in traceback.format_exc()
    return 2 * x
