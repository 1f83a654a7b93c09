#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    return "escaped"
