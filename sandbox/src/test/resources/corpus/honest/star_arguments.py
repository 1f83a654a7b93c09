#: outcome PASSED
#: test assert f(1, 2, k=3) == (1, (2,), {"k": 3})
#: test a = [1, 2]\nassert f(*a, **{"z": 0}) == (1, (2,), {"z": 0})
def f(first, *rest, **named):
    return first, rest, named
