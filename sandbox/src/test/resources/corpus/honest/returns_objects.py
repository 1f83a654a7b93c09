#: outcome PASSED
#: test assert f(3) == Point(3, 4)
#: test p = f(3)\nassert p.x == 3 and p.y == 4
#: test assert [p.x for p in g(3)] == [0, 1, 2]
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    y: int
def f(x):
    return Point(x, x + 1)
def g(n):
    return [Point(i, 0) for i in range(n)]
