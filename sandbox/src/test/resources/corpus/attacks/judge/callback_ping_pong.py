#: outcome FAILED/TIMEOUT
#: test assert f(lambda g: g(g)) == 1987
def f(callback):
    def again(g):
        return callback(again)
    return callback(again)
