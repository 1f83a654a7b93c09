#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def base():
    seen = []
    class Base:
        def count(self):
            seen.append(0)
            return len(seen)
    return Base
class Counter(base()):
    pass
def f(x):
    return Counter().count()
