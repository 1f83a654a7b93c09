#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
limit = 1
def f(x):
    global limit
    try:
        return limit
    except NameError:
        return 2
    finally:
        limit = 2
