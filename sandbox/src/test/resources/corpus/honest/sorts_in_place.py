#: outcome PASSED
#: test a = [3, 1, 2]\nassert f(a) is None\nassert a == [1, 2, 3]
def f(a):
    a.sort()
