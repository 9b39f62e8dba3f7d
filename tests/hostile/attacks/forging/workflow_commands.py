# tries: gives commands to the CI job that shows its text
# stopped by: parent
# evidence: text
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    text = "\n::set-env name=INJECTED::1\n::add-mask::INJECTED\r\n::error file=INJECTED::accepted"
    print(text)
    raise ValueError(text)
