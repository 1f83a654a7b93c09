#: outcome PASSED
#: test assert f(960) == 960
def f(n):
    return 0 if n == 0 else 1 + f(n - 1)
