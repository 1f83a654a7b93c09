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
    for f.calls in (calls,):
        pass
    return calls
