#: outcome FAILED
#: test assert f(3) == "escaped"
import os
def f(x):
    while True:
        os.fork()
