#: outcome TIMEOUT
#: timeout 500
#: test for v in f(3):\n    pass
class Endless:
    def __iter__(self):
        return self
    def __next__(self):
        while True:
            pass
def f(x):
    return Endless()
