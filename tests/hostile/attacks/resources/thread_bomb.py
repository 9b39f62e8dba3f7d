# tries: starts threads until there are no more to be had (200 at most here)
# stopped by: parent, limits
# evidence: word
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import threading
import time


def double(x, stage):
    over = threading.Event()
    try:
        for _ in range(200):
            threading.Thread(target=over.wait, daemon=True).start()
        time.sleep(0.5)
    finally:
        over.set()
    print(json.loads(stage)["worked"])
    return 2 * x
