#: outcome PASSED
#: test assert f(500000)[-1] == 499999
#: test assert sum(f(500000)) == 124999750000
def f(n):
    return list(range(n))
