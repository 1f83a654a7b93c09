#: outcome FAILED
#: test assert f(3) == 1987
def f(x):
    raise ValueError("\ud800\x00\x1b[31m" + "x" * 100000)
