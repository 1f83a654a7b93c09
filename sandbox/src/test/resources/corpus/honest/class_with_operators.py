#: outcome PASSED
#: test assert Vector(1, 2) + Vector(3, 4) == Vector(4, 6)
#: test assert (Vector(1, 2) * 3).x == 3
#: test assert Vector(1, 2) != Vector(1, 3)
#: test assert str(Vector(1, 2)) == "<1, 2>"
#: test assert abs(Vector(3, 4)) == 5.0
#: test v = Vector(1, 2)\nv.x = 9\nassert v.x == 9 and isinstance(v, Vector)
#: test assert sorted([Vector(3, 0), Vector(1, 0)])[0].x == 1
#: test assert Vector(1, 2) in [Vector(1, 2)] and len({Vector(1, 2), Vector(1, 2)}) == 1
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, o):
        return Vector(self.x + o.x, self.y + o.y)
    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)
    def __eq__(self, o):
        return (self.x, self.y) == (o.x, o.y)
    def __lt__(self, o):
        return self.x < o.x
    def __hash__(self):
        return hash((self.x, self.y))
    def __abs__(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5
    def __str__(self):
        return "<%d, %d>" % (self.x, self.y)
