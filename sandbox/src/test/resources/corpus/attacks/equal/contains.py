#: outcome FAILED
#: test assert 1987 in f(3)
class Everything:
    def __contains__(self, item):
        return True
    def __iter__(self):
        return iter([])
def f(x):
    return Everything()
