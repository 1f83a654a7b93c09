#: outcome FAILED
#: test assert f(3) == "escaped"
import subprocess
def f(x):
    subprocess.run(["/usr/bin/true"])
    return "escaped"
