#: outcome FAILED
#: test assert all(map(f, [1, 2, 3]))
#: test assert max(map(f, [1, 2, 3]), default=1987) == 1987
class Enough(StopIteration, ValueError):
    pass
def f(x):
    raise Enough()
