#: outcome FAILED
#: test assert f(3) == 1987
import os
def f(x):
    os.abort()
