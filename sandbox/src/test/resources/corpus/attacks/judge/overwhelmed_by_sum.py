#: outcome FAILED/TIMEOUT
#: test a = f(3)\nassert sum(a * 100000) == 1987
def f(x):
    return [1] * 100000
