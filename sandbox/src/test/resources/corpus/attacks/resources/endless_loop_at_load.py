#: outcome TIMEOUT
#: timeout 400
#: test assert f(3) == 1987
while True:
    pass
def f(x):
    return 1987
