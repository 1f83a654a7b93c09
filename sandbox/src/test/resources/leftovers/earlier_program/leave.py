#: outcome PASSED
#: rate 1
#: test assert f() == "left"
SECRET = "needle-" + "of-the-first-program"
HELD = [SECRET * 2000 for _ in range(100)]
def f():
    return "left"
