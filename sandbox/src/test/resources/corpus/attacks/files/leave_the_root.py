#: outcome FAILED
#: test assert f(3) == "escaped"
import os
def f(x):
    for attempt in (lambda: os.chroot("/usr"), lambda: os.chdir("/usr/lib"), lambda: os.fchdir(0)):
        try:
            attempt()
            return "escaped"
        except OSError:
            pass
