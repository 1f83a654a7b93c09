#: outcome PASSED
#: test assert list(f([1, 2])) == [2, 3]
#: test assert sorted(f([3, 1])) == [2, 4]
#: test assert list(g({"a": 1})) == [("a", 1)]
def f(items):
    return map(lambda v: v + 1, items)
def g(d):
    return zip(d.keys(), d.values())
