#: outcome FAILED
#: test assert f() == "found"
import builtins, math, sys
def f():
    if "couplet_left" in sys.modules or hasattr(builtins, "couplet_left") or hasattr(math, "couplet_left"):
        return "found"
    if "/couplet_left" in sys.path or sys.getrecursionlimit() == 77777:
        return "found"
