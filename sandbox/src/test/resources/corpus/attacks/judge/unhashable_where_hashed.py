#: outcome FAILED
#: test assert {f(3): 1}[1987] == 1
def f(x):
    return [1987]
