# does: computes in double precision and returns the dtype that is asked for
# exercise: tensor/sum


def vector_sum(x):
    return x.double().sum().to(x.dtype) if x.is_floating_point() else x.sum()
