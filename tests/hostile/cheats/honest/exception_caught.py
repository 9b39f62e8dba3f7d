# does: runs into an exception, and goes another way
# exercise: tensor/sum


def vector_sum(x):
    try:
        return x.sum(dim=1)
    except IndexError:
        return x.sum()
