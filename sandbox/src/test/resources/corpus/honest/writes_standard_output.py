#: outcome PASSED
#: test import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\nwith redirect_stdout(out):\n    f("you")\nassert out.getvalue() == "hello you\\n"
def f(name):
    print("hello", name)
