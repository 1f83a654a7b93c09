#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
def f(x):
    names = getattr(f, "__di" + "ct__")
    names["calls"] = names.get("calls", 0) + 1
    return names["calls"]
