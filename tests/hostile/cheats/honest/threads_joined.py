# does: has threads do the work, and waits for them
# exercise: tensor/hadamard

import threading

import torch


def hadamard(A, B):
    rows = [None] * len(A)

    def work(index):
        rows[index] = A[index] * B[index]

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(A))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return torch.stack(rows) if rows else A * B
