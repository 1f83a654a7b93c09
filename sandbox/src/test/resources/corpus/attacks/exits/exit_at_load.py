#: outcome FAILED
#: test assert f(3) == 1987
import sys
sys.exit(0)
