#: outcome FAILED
#: test assert f(3) == 1987
__debug__ if True else None
def f(x):
    import sys
    sys.flags = None
    return None
