#: outcome FAILED
#: test assert f(3) == "escaped"
import os
def f(x):
    held = [os.pipe() for _ in range(2000)]
    return "escaped"
