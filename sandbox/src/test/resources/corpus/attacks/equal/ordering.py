#: outcome FAILED
#: test assert f(3) < 1 and f(3) > 100
#: test assert 5 >= f(3) >= 9
class Any:
    def __lt__(self, other):
        return True
    __gt__ = __le__ = __ge__ = __lt__
def f(x):
    return Any()
