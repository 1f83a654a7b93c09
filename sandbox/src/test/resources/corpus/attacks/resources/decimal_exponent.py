#: outcome FAILED
#: test assert f(3) + 1 == 1987
import decimal
def f(x):
    return decimal.Decimal("1e999999999")
