#: outcome PASSED
#: test assert f(3) == 1987
import sys
print("loading")
def f(x):
    print("working on", x, flush=True)
    print("still", file=sys.stderr)
    return 1984 + x
