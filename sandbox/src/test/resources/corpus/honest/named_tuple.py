#: outcome PASSED
#: test assert f(1) == (1, 2) and f(1).y == 2
#: test assert norm(Point(3, 4)) == 5
from collections import namedtuple
Point = namedtuple("Point", "x y")
def f(x):
    return Point(x, x + 1)
def norm(p):
    return (p.x ** 2 + p.y ** 2) ** 0.5
