#: outcome FAILED
#: test assert f(3) == 1987
import os
def f(x):
    os.write(3, b"\x80\x00\x00\x01{}")
    return 0
