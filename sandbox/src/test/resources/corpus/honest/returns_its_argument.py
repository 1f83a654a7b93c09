#: outcome PASSED
#: test a = [2, 1]\nassert f(a) is a
#: test a = {"x": 1}\nf(a)["y"] = 2\nassert a == {"x": 1, "y": 2}
def f(a):
    return a
