#: outcome TIMEOUT
#: timeout 300
#: test assert f(3) == 1987
import time
def f(x):
    time.sleep(100)
