# tries: raises an exception that says SystemExit(0) when it is asked what went wrong
# stopped by: parent
# evidence: points
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
class Hostile(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


def secret(x, stage):
    raise Hostile
