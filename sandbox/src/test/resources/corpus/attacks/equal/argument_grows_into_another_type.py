#: outcome FAILED
#: test a = [1, 2]\nf(a)\nassert a == {19}
def f(a):
    a.__class__ = set
