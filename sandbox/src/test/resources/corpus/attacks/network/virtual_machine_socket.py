#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    socket.socket(40, socket.SOCK_STREAM)
    return "escaped"
