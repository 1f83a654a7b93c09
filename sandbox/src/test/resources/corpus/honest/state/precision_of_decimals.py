#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
import decimal
def f(x):
    decimal.getcontext().prec += 1
    return decimal.getcontext().prec - 28
