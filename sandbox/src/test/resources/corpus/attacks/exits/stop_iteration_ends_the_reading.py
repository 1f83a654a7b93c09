#: outcome FAILED
#: test assert all(map(f, [1, 2, 3]))
#: test assert list(map(f, [])) == list(map(f, [1, 2, 3]))
#: test for r in map(f, [1, 2, 3]):\n    assert r == 1987
#: test assert not [x for x in map(f, [1, 2]) if x != 1987]
#: test assert sorted(map(f, [3, 1])) == [] and sum(filter(f, [1, 2])) == 0
def f(x):
    raise StopIteration
