#: outcome PASSED
#: test try:\n    f(iter([]))\n    assert False\nexcept StopIteration:\n    pass
#: test assert f(iter([3])) == 3
def f(it):
    return next(it)
