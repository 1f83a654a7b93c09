#: outcome FAILED
#: test assert f(3) == 1987
import os
def f(x):
    os.write(3, b"\x00\x00\x00\x04\xff\xfe\xfd\xfc")
    return 0
