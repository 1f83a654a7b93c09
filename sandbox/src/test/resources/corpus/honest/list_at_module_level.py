#: outcome PASSED
#: test assert f(1) == [1]
#: test assert f(2) == [2]
seen = []
def f(x):
    seen.append(x)
    return seen
