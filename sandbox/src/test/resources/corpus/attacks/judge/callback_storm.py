#: outcome TIMEOUT
#: timeout 500
#: test assert f(lambda v: v) == 1987
def f(callback):
    while True:
        callback(0)
