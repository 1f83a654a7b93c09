#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def f(x):
    import builtins
    builtins.calls = getattr(builtins, "calls", 0) + 1
    return builtins.calls
