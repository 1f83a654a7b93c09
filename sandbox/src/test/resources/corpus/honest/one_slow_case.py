#: outcome TIMEOUT
#: rate 0.6667
#: timeout 400
#: test assert f(1) == 1
#: test assert f(2) == 2
#: test assert f(3) == 3
def f(x):
    while x == 2:
        pass
    return x
