#: outcome TIMEOUT
#: timeout 400
#: test assert f(3) == 1987
import os, time
def f(x):
    os.write(3, b"\x00\x00\x10\x00")
    while True:
        os.write(3, b" ")
        time.sleep(0.01)
