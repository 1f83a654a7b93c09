#: outcome FAILED
#: test assert f(3) == 1987
import os
os._exit(0)
