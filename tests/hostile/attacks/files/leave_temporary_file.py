# tries: leaves a file in the folder for temporary files
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import tempfile


def double(x, stage):
    facts = json.loads(stage)
    with tempfile.NamedTemporaryFile(prefix=facts["mark"], dir=facts["temporary"], delete=False):
        pass
    return 2 * x
