#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    return "escaped"
