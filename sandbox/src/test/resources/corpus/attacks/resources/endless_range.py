#: outcome FAILED
#: test assert sum(f(3)) == 1987
#: test assert list(f(3)) == [1987]
def f(x):
    return range(10 ** 15)
