#: outcome FAILED
#: test assert f(3).isdigit() and f(3).isalpha()
class Text:
    def __getattr__(self, name):
        return lambda *a: True
def f(x):
    return Text()
