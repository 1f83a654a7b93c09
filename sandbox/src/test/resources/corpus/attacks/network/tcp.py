#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    socket.create_connection(("127.0.0.1", 22), 1)
    return "escaped"
