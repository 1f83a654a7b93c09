#: outcome PASSED
#: test assert f(3) == 1987
def f(x):
    return 1984 + x
