#: outcome PASSED
#: test assert f(3) == 1987
import sys
def f(x):
    return 1984 + x
if __name__ == "__main__":
    print(f(1))
    sys.exit(0)
