#: outcome FAILED/TIMEOUT
#: test assert len(f(3)) == 1987
def f(x):
    m = (1 << 61) - 1
    return {i * m: 0 for i in range(1, 4000)}
