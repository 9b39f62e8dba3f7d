# tries: raises an exception whose class has a command for its name
# stopped by: parent
# evidence: text
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    raise type("\n::error file=INJECTED::\x1b[2J<script>INJECTED</script>", (Exception,), {})("no")
