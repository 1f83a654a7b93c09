#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    return "escaped"
