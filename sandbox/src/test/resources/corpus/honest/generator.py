#: outcome PASSED
#: test assert list(f(4)) == [0, 1, 4, 9]
#: test g = f(10)\nassert next(g) == 0 and next(g) == 1
#: test assert sum(f(1000)) == 332833500
#: test for i, v in enumerate(f(5)):\n    assert v == i * i
def f(n):
    for i in range(n):
        yield i * i
