#: outcome FAILED/TIMEOUT
#: test assert f(3) * f(3) % 1000003 == 1987
def f(x):
    return (1 << 2000000) - 1
