#: outcome FAILED
#: test ok = False\ntry:\n    f(-1)\nexcept BaseException:\n    ok = True\nassert ok
import os
def f(x):
    os.close(3)
    os._exit(0)
