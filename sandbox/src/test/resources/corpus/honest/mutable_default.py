#: outcome PASSED
#: test assert f(1) == [1]
#: test assert f(2) == [2]
def f(x, acc=[]):
    acc.append(x)
    return acc
