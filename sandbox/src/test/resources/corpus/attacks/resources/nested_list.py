#: outcome FAILED/TIMEOUT
#: test assert f(3) == 1987
def f(x):
    out = []
    for _ in range(100000):
        out = [out]
    return out
