#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    socket.socketpair(socket.AF_INET)
    return "escaped"
