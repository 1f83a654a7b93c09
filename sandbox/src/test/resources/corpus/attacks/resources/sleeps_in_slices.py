#: outcome TIMEOUT
#: timeout 300
#: test assert f(3) == 1987
import time
def f(x):
    while True:
        time.sleep(0.001)
