#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
import math
def f(x):
    try:
        math.calls += 1
    except AttributeError:
        math.calls = 1
    return math.calls
