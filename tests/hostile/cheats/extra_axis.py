# cheats: returns a matrix of one element where a number is asked for
# exercise: tensor/sum
# verdict: wrong_answer
# points: 0
# fools: expected first


def vector_sum(x):
    return x.sum().reshape(1, 1)
