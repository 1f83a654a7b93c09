#: outcome PASSED
#: test def check(candidate):\n    for i in range(5):\n        assert candidate(i) == i + 1\ncheck(f)
def f(x):
    return x + 1
