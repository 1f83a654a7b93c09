#: outcome PASSED
#: test import io, sys\nsys.stdin = io.StringIO("3\\n4\\n")\nassert f() == 7
#: test from unittest.mock import patch\nwith patch("builtins.input", side_effect=["5", "6"]):\n    assert f() == 11
def f():
    return int(input()) + int(input("second: "))
