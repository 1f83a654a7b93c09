#: outcome PASSED
#: test d, s = {"a": 1}, {1}\nf(d, s)\nassert d == {"a": 1, "b": 2} and s == {1, 2}
def f(d, s):
    d["b"] = 2
    s.add(2)
