#: outcome TIMEOUT
#: timeout 400
#: test assert f(3) == 1987
import os, signal
def f(x):
    os.kill(os.getpid(), signal.SIGSTOP)
