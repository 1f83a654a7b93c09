#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def f(x):
    me = f
    me.calls = vars(me).get("calls", 0) + 1
    return me.calls
