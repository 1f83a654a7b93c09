#: outcome TIMEOUT
#: timeout 500
#: test assert f(3) == 1987
import sys
def f(x):
    while True:
        print("x" * 100000)
        sys.stderr.write("y" * 100000)
