#: outcome FAILED
#: test assert f() == "found"
import os
def f():
    for pid in range(2, 200):
        if pid not in (os.getpid(), os.getppid()):
            try:
                os.kill(pid, 0)
                return "found"
            except OSError:
                pass
