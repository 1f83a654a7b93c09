#: outcome FAILED/TIMEOUT
#: test assert str(f(3)) == "1987"
class Slow:
    def __str__(self):
        return "x" * (9 << 20)
def f(x):
    return Slow()
