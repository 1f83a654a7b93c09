#: outcome TIMEOUT
#: timeout 300
#: test assert f(3) == 1987
import threading
def f(x):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
