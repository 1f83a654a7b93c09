#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def f(x):
    calls = 1
    try:
        calls += f.calls
    except AttributeError:
        pass
    f.__setattr__("calls", calls)
    return calls
