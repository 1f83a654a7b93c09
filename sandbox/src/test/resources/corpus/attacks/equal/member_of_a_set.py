#: outcome FAILED
#: test assert 1987 in f(3)
class Always:
    def __eq__(self, other):
        return True
    def __hash__(self):
        return hash(1987)
def f(x):
    return {Always()}
