# tries: returns a text of fifty million letters
# stopped by: parent
# evidence: broken
# process: blocked, wrong_answer
# sandbox: blocked, wrong_answer
# namespaces: blocked, wrong_answer
def double(x, stage):
    return "x" * 50_000_000
