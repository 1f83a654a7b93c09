#: outcome TIMEOUT
#: timeout 700
#: test assert f(3) == 1987
#: test assert False, f(4)
import time
class Slow:
    asked = 0
    def __str__(self):
        Slow.asked += 1
        if Slow.asked > 1:
            while True:
                time.sleep(1)
        return "soon"
    __repr__ = __str__
def f(x):
    if x == 4:
        Slow.asked = 1
        return Slow()
    raise ValueError(Slow())
