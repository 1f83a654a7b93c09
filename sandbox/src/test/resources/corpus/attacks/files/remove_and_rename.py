#: outcome FAILED
#: test assert f(3) == "escaped"
import os
def f(x):
    tries = (lambda: os.unlink("/dev/null"), lambda: os.rename("/dev/null", "/dev/full2"),
             lambda: os.chmod("/dev/null", 0), lambda: os.chown("/dev/null", 0, 0),
             lambda: os.truncate("/usr/lib/os-release", 0), lambda: os.utime("/dev/null"))
    for attempt in tries:
        try:
            attempt()
            return "escaped"
        except OSError:
            pass
