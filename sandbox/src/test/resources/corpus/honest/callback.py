#: outcome PASSED
#: test assert f(lambda v: v * 2, [1, 2]) == [2, 4]
#: test seen = []\nf(seen.append, [1, 2])\nassert seen == [1, 2]
#: test def boom(v):\n    raise KeyError(v)\ntry:\n    f(boom, [1])\n    assert False\nexcept KeyError:\n    pass
#: test assert f(str, [1, 2]) == ["1", "2"] and f(len, ["ab"]) == [2]
def f(function, items):
    return [function(i) for i in items]
