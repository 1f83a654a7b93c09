#: outcome FAILED
#: test assert f(3) == 1987
import sys
sys.setrecursionlimit(10 ** 9)
class R:
    def __repr__(self):
        return repr(self)
def f(x):
    return repr(R())
