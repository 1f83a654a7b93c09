#: outcome FAILED
#: test try:\n    f(3)\nexcept AssertionError:\n    raise\nassert False
def f(x):
    raise AssertionError("passed")
