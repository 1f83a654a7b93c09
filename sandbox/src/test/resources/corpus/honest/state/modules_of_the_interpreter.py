#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
import sys
def f(x):
    calls = sys.modules.get("calls", 0) + 1
    sys.modules["calls"] = calls
    return calls
