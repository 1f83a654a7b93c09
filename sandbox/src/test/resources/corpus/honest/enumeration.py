#: outcome PASSED
#: test assert f(1) == Color.RED
#: test assert f(2) is Color.BLUE and f(2).name == "BLUE"
#: test assert name_of(Color.RED) == "RED"
import enum
class Color(enum.Enum):
    RED = 1
    BLUE = 2
def f(x):
    return Color(x)
def name_of(c):
    return c.name
