# tries: raises SystemExit(0), which many test runners take for success
# stopped by: parent
# evidence: points
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def secret(x, stage):
    raise SystemExit(0)
