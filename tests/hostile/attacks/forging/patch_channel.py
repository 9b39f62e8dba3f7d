# tries: changes what goes to the grader on its way
# stopped by: parent
# evidence: points
# process: blocked, wrong_answer
# sandbox: blocked, wrong_answer
# namespaces: blocked, wrong_answer
import os
import socket

_write, _sendall = os.write, socket.socket.sendall


def secret(x, stage):
    os.write = lambda number, data: _write(number, bytes(data).replace(b"false", b"true "))
    socket.socket.sendall = lambda line, data: _sendall(line, bytes(data).replace(b"wrong_answer", b"accepted    "))
    return x
