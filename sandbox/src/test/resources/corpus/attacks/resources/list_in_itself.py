#: outcome FAILED
#: test assert f(3) == 1987
def f(x):
    out = [1]
    out.append(out)
    return out
