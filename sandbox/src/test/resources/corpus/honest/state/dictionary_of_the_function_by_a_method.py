#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def f(x):
    f.__dict__.setdefault("calls", []).append(x)
    return len(f.__dict__["calls"])
