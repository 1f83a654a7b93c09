#: outcome FAILED
#: test assert f() == "found"
import os
def f():
    for path in ("/tmp/couplet-left", "/var/tmp/couplet-left", "/dev/shm/couplet-left", "couplet-left"):
        if os.path.exists(path):
            return "found"
