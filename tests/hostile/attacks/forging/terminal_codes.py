# tries: clears the teacher's screen and writes its own result there
# stopped by: parent
# evidence: text
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    text = "\x1b[2J\x1b[1;1H\x1b]0;title\x07 INJECTED accepted 1 / 1\r\x9b2J\x08"
    print(text)
    raise ValueError(text)
