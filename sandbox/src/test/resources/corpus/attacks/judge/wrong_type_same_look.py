#: outcome FAILED
#: test assert f(3) == 1987
#: test assert f(3) is True
def f(x):
    return "1987"
