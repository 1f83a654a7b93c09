#: outcome FAILED
#: test assert f(3) == "escaped"
def f(x):
    held = [open("/dev/null") for _ in range(2000)]
    return "escaped"
