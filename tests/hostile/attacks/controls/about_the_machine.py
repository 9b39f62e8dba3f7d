# tries: asks how many processors there are, which Python this is and who it is
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import os
import platform
import sys
import sysconfig


def double(x, stage):
    assert os.cpu_count() and os.getpid() and os.getuid() >= 0 and sys.version
    assert platform.python_version() and sysconfig.get_paths()
    return 2 * x
