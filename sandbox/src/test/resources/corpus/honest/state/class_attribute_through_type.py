#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
class Counter:
    calls = 0
    def count(self):
        type(self).calls += 1
        return self.calls
def f(x):
    return Counter().count()
