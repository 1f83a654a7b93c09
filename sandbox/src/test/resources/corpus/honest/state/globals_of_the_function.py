#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def f(x):
    f.__globals__["calls"] = f.__globals__.get("calls", 0) + 1
    return calls
