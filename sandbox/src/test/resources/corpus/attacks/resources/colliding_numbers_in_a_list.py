#: outcome FAILED/TIMEOUT
#: test assert len(set(f(3))) == 1987
def f(x):
    m = (1 << 61) - 1
    return [i * m for i in range(1, 6000)]
