#: outcome FAILED
#: test assert f(3)._channel == 1987
#: test assert f(3).__class__.__subclasses__ == 1987
class Odd:
    _channel = 1987
    _ref = {"h": 0}
def f(x):
    return Odd()
