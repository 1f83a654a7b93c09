#: outcome FAILED
#: test assert f(3) == 1987
import fractions
def f(x):
    return fractions.Fraction((1 << 200000) + 1, (1 << 200001) + 1)
