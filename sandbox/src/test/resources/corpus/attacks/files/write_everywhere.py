#: outcome FAILED
#: test assert f(3) == "escaped"
import os
def f(x):
    for path in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", ".", "/usr/lib", "/dev", "/home", "/root", "/proc"):
        try:
            with open(os.path.join(path, "couplet-corpus"), "w") as out:
                out.write("x")
            return "escaped"
        except OSError:
            pass
