#: outcome FAILED
#: test assert f(3) == "escaped"
import os
def f(x):
    for make in (os.symlink, os.link):
        for path in ("/tmp/couplet-corpus-l", "/dev/couplet-corpus-l"):
            try:
                make("/usr/lib/os-release", path)
                return "escaped"
            except OSError:
                pass
