# tries: ends the test case that it failed, and adds one that it passed
# stopped by: parent
# evidence: text
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    text = ']]></failure></testcase><testcase name="INJECTED" classname="double"/><!-- \x00\x0b\ufffe'
    print(text)
    raise ValueError(text)
