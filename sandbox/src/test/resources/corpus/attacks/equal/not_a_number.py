#: outcome FAILED
#: test assert f(3) != f(3) and f(3) == 1987
def f(x):
    return float("nan")
