#: outcome FAILED
#: test assert f(3) == "escaped"
import os, sys
def f(x):
    if os.read(0, 100) or sys.stdin.read():
        return "escaped"
