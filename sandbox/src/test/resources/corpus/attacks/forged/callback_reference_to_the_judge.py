#: outcome FAILED
#: test assert f(lambda: 1987)() == 19871
import os
def f(x):
    return x
