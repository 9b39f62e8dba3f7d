# tries: returns an object that runs its own code in whoever unpickles it
# stopped by: parent
# evidence: word
# process: blocked, wrong_answer
# sandbox: blocked, wrong_answer
# namespaces: blocked, wrong_answer
import json


class Poison:
    def __init__(self, word):
        self.word = word

    def __reduce__(self):
        return print, (self.word,)


def double(x, stage):
    return Poison(json.loads(stage)["worked"])
