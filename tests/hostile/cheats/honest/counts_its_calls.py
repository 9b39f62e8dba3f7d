# does: counts its calls, and prints the number
# exercise: tensor/sum

calls = 0


def vector_sum(x):
    global calls
    calls += 1
    print("call", calls)
    return x.sum()
