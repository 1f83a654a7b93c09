#: outcome FAILED/TIMEOUT
#: timeout 2000
#: test assert f(3) == 1987
def f(x):
    out = [0]
    for _ in range(40):
        out = [out, out]
    return out
