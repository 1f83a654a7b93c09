#: outcome TIMEOUT
#: timeout 400
#: test assert f(3) == 1987
def f(x):
    return 3 ** (10 ** 9)
