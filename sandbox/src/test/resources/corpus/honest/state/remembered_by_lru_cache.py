#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
from functools import lru_cache
@lru_cache(maxsize=None)
def log(name):
    return []
def f(x):
    log("calls").append(x)
    return len(log("calls"))
