#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    return "escaped"
