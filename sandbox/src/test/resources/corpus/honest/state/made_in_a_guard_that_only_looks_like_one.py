#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def f(x):
    seen.append(x)
    return len(seen)
if "__name__":
    seen = []
