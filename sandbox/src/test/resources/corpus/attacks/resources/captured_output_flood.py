#: outcome FAILED/TIMEOUT
#: timeout 2000
#: test import io, contextlib\nb = io.StringIO()\nwith contextlib.redirect_stdout(b):\n    f(3)\nassert b.getvalue() == "1987"
def f(x):
    for _ in range(40):
        print("x" * 1000000)
