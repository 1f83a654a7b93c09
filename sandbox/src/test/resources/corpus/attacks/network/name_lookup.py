#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    socket.getaddrinfo("localhost", 80)
    socket.gethostbyname("localhost")
    return "escaped"
