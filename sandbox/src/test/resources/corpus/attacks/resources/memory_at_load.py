#: outcome FAILED/TIMEOUT
#: test assert f(3) == 1987
data = [0] * (1 << 33)
def f(x):
    return 1987
