#: outcome TIMEOUT
#: timeout 400
#: test assert f(3) == 1987
import re
def f(x):
    return re.match(r"(a+)+$", "a" * 60 + "b")
