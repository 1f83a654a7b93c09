#: outcome FAILED
#: rate 0.5
#: test assert f(1) == 1
#: test assert f(2) == 4
#: test assert f(-1) == 1
#: test assert f(-2) == 4
def f(x):
    if x < 0:
        raise ValueError
    return x * x
