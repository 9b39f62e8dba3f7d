# tries: differentiates in three threads at once
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import threading

import torch


def double(x, stage):
    gradients = []

    def work():
        leaf = x.detach().clone().requires_grad_()
        torch.linalg.vector_norm(leaf + 1).pow(2).backward()
        gradients.append(leaf.grad)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return gradients[0] - 2 + 0 * (gradients[1] + gradients[2])
