#: outcome FAILED
#: test assert f(3) == "escaped"
import mmap
def f(x):
    return "escaped" if mmap.mmap(-1, 8 << 30) else None
