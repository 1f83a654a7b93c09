#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def counted(function):
    calls = []
    def inner(self, x):
        calls.append(x)
        return len(calls)
    return inner
class Counter:
    @counted
    def count(self, x):
        return x
def f(x):
    return Counter().count(x)
