#: outcome FAILED/TIMEOUT
#: timeout 2000
#: test assert f(3) == 1987
def f(x):
    return "x" * (100 << 20)
