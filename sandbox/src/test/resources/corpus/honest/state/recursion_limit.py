#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
import sys
def f(x):
    if sys.getrecursionlimit() > 5000:
        return 2
    sys.setrecursionlimit(7000)
    return 1
