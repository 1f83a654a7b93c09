#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
class Counter:
    calls = 0
    def __init__(self):
        self.__class__.calls += 1
def f(x):
    return Counter().calls
