# tries: lifts, with the rights of root, a limit that was set for it
# needs: resources
# stopped by: capabilities, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import resource


def double(x, stage):
    try:
        for most in (0, 4096):  # what was lowered is not to be raised again
            resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    except ValueError as error:  # which is what Python makes of EPERM
        raise PermissionError(str(error)) from None
    print(json.loads(stage)["worked"])
    return 2 * x
