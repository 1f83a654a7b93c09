#: outcome FAILED/TIMEOUT
#: timeout 1500
#: test assert list(f(3)) == [1987]
#: test assert 1987 in f(3)
def f(x):
    while True:
        yield 0
