#: outcome PASSED
#: test assert f(3) == 4
from __future__ import annotations
def f(x: Missing) -> Nothing:
    return x + 1
