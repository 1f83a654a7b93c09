#: outcome FAILED/TIMEOUT
#: test assert str(f(3)) == "1987"
def f(x):
    return 10 ** 100000
