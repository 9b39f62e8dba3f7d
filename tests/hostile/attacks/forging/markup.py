# tries: puts a picture that calls home, a script and a row of its own into the report
# stopped by: parent
# evidence: text
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
def double(x, stage):
    text = "<script>INJECTED</script> ![](http://127.0.0.1/INJECTED) | INJECTED | ✓ accepted |\n| INJECTED | 1 / 1 |"
    print("```\n" + text)
    raise ValueError(text)
