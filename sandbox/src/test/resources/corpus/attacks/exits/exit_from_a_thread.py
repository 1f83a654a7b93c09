#: outcome FAILED
#: test assert f(3) == 1987
import os, threading, time
def f(x):
    threading.Thread(target=lambda: os._exit(0)).start()
    time.sleep(1)
    return 0
