#: outcome FAILED
#: test assert f(3) == 1987
def f(x):
    raise GeneratorExit
