#: outcome PASSED
#: test try:\n    f(-1)\n    assert False, "no error"\nexcept ValueError as e:\n    assert str(e) == "negative"
#: test try:\n    g()\n    assert False\nexcept Mine as e:\n    assert e.args == ("text", 7)
#: test try:\n    g()\n    assert False\nexcept ValueError:\n    pass
class Mine(ValueError):
    pass
def f(x):
    if x < 0:
        raise ValueError("negative")
def g():
    raise Mine("text", 7)
