#: outcome FAILED/TIMEOUT
#: timeout 2000
#: test a = [1]\nf(a)\nassert a == [1987]
def f(a):
    a.extend([0] * (30 << 20))
