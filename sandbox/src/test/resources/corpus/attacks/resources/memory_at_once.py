#: outcome FAILED
#: test assert f(3) == "escaped"
def f(x):
    return "escaped" if bytearray(20 << 30) else None
