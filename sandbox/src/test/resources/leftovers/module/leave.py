#: outcome PASSED
#: rate 1
#: test assert f() == "left"
import builtins, math, sys, types
def f():
    sys.modules["couplet_left"] = types.ModuleType("couplet_left")
    builtins.couplet_left = math.couplet_left = 1
    sys.path.insert(0, "/couplet_left")
    sys.setrecursionlimit(77777)
    return "left"
