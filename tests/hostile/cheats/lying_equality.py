# cheats: returns an object that equals everything
# exercise: tensor/sum
# verdict: wrong_answer
# points: 0
# fools: equality


class Anything:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def vector_sum(x):
    return Anything()
