#: outcome FAILED
#: test try:\n    f(3)\n    assert False\nexcept KeyError:\n    pass
class KeyError(Exception):
    pass
def f(x):
    raise KeyError("mine, not the built-in one")
