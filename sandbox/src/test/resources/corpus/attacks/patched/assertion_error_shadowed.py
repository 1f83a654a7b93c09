#: outcome FAILED
#: test assert f(3) == 1987
AssertionError = KeyError
def f(x):
    raise AssertionError
