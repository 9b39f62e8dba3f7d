# tries: answers, and leaves a thread behind that keeps its process from ending
# stopped by: parent
# evidence: broken
# process: blocked, accepted
# sandbox: blocked, accepted
# namespaces: blocked, accepted
import threading
import time


def double(x, stage):
    threading.Thread(target=time.sleep, args=(20,)).start()
    return 2 * x
