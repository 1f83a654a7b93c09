#: outcome FAILED
#: test assert f(3) == 1987
import os
def f(x):
    os.write(3, b"\xff\xff\xff\xff" + b"x" * 1000)
    return 0
