# tries: has its text shown backwards, so that it says something else
# stopped by: parent
# evidence: text
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    text = "\u202eINJECTED\u2066 detpecca\u2069 \u2028"
    print(text)
    raise ValueError(text)
