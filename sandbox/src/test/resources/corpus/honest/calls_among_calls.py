#: outcome PASSED
#: test assert f(g(2)) == 5
#: test assert f(f(f(0))) == 3
#: test assert all(f(i) == i + 1 for i in range(10))
#: test assert [f(i) for i in (1, 2)] == list(map(f, (1, 2)))
def f(x):
    return x + 1
def g(x):
    return x * 2
