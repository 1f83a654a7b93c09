#: outcome FAILED
#: test assert f() == "left"
import os, time
def f():
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
    return "left"
