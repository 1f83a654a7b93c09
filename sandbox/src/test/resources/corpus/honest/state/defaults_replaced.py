#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def g(n=None):
    return n or 1
def f(x):
    n = g()
    g.__defaults__ = (n + 1,)
    return n
