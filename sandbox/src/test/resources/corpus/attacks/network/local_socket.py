#: outcome FAILED
#: test assert f(3) == "escaped"
import socket
def f(x):
    s = socket.socket(socket.AF_UNIX)
    s.connect("\0/tmp/.X11-unix/X0")
    return "escaped"
