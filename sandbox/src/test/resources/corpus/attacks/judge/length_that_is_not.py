#: outcome FAILED
#: test assert len(f(3)) == 1987
class Long:
    def __len__(self):
        return "1987"
def f(x):
    return Long()
