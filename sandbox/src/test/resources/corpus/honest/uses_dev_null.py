#: outcome PASSED
#: test assert f() == 1
import os
def f():
    with open(os.devnull, "w") as out:
        out.write("x")
    return 1
