#: outcome FAILED
#: test assert f(3) == 1987
def g(x):
    return 1987
