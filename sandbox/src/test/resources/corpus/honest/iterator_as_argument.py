#: outcome PASSED
#: test assert f(iter([1, 2, 3])) == 6
#: test assert f(v for v in (1, 2)) == 3
#: test assert f(range(4)) == 6 and f({1, 2}) == 3
def f(items):
    total = 0
    for v in items:
        total += v
    return total
