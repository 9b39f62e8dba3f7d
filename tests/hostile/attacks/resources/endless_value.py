# tries: returns a list that contains itself
# stopped by: parent
# evidence: broken
# process: blocked, wrong_answer
# sandbox: blocked, wrong_answer
# namespaces: blocked, wrong_answer
def double(x, stage):
    nest = []
    nest.append(nest)
    return nest
