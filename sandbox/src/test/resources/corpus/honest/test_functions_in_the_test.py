#: outcome PASSED
#: test def test_one():\n    assert f(1) == 2\n\ndef test_two():\n    assert f(2) == 3
def f(x):
    return x + 1
