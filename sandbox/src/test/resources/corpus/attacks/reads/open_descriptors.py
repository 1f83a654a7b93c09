#: outcome FAILED
#: test assert f(3) == "escaped"
import os
def f(x):
    for fd in list(range(4, 64)):
        try:
            os.fstat(fd)
            return "escaped"
        except OSError:
            pass
