#: outcome FAILED
#: test assert f(3) == 1987
import sys
sys.setprofile(lambda frame, event, arg: 1987)
def f(x):
    return 0
