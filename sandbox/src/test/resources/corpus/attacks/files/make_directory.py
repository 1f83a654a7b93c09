#: outcome FAILED
#: test assert f(3) == "escaped"
import os
def f(x):
    for path in ("/tmp/couplet-corpus-d", "couplet-corpus-d", "/dev/couplet-corpus-d"):
        try:
            os.mkdir(path)
            return "escaped"
        except OSError:
            pass
