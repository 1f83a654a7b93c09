#: outcome FAILED
#: test try:\n    f(3)\n    assert False\nexcept KeyError:\n    pass
def f(x):
    raise ValueError("KeyError")
