#: outcome FAILED
#: test assert f(3) and f(3) == 1987
class Odd:
    def __bool__(self):
        return 1987
def f(x):
    return Odd()
