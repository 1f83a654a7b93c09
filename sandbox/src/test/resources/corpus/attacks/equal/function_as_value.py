#: outcome FAILED
#: test assert f(3)(4) == 1987
def f(x):
    return f
