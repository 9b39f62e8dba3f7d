# tries: computes in a pool of threads, which numbers of the machine decide the size of
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
from concurrent.futures import ThreadPoolExecutor


def double(x, stage):
    with ThreadPoolExecutor() as pool:
        return sum(pool.map(lambda factor: factor * x, (0.5, 0.5, 1)))
