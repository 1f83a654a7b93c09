#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
    return "escaped"
