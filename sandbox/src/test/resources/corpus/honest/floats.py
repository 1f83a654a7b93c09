#: outcome PASSED
#: test assert f(0.1, 0.2) == 0.30000000000000004
#: test assert abs(f(0.1, 0.2) - 0.3) < 1e-9
#: test import math\nassert math.isclose(f(0.1, 0.2), 0.3)
#: test assert math.isnan(f(float("inf"), float("-inf"))) and str(f(-0.0, -0.0)) == "-0.0"
#: test assert round(f(1.005, 1), 2) == 2.0
def f(a, b):
    return a + b
