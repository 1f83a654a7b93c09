#: outcome FAILED
#: test assert f(3) == "escaped"
import tempfile
def f(x):
    tempfile.NamedTemporaryFile().write(b"x")
    return "escaped"
