# does: changes a copy in place
# exercise: tensor/hadamard


def hadamard(A, B):
    result = A.clone()
    result *= B
    return result
