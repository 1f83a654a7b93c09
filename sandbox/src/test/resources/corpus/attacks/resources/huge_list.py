#: outcome FAILED/TIMEOUT
#: timeout 2000
#: test assert f(3) == 1987
def f(x):
    return [0] * (20 << 20)
