#: outcome PASSED
#: test a = vector(1, 2) + vector(2, 3)\nassert a.x == 3 and a.y == 5
#: test assert (vector(1, 2) * 3).y == 6 and 2 in vector(1, 2)
class vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return vector(self.x + other.x, self.y + other.y)
    def __mul__(self, k):
        return vector(self.x * k, self.y * k)
    def __contains__(self, n):
        return n in (self.x, self.y)
