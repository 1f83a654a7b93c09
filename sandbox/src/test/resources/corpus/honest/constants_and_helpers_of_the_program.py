#: outcome PASSED
#: test assert LIMIT == 10 and f(LIMIT) == 100
#: test assert TABLE["a"] == [1, 2]
LIMIT = 10
TABLE = {"a": [1, 2]}
def f(x):
    return x * LIMIT
