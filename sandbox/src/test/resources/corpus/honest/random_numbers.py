#: outcome PASSED
#: test assert 1 <= f() <= 6
#: test assert len({g() for _ in range(20)}) > 10
import random
def f():
    return random.randint(1, 6)
def g():
    return random.random()
