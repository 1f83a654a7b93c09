#: outcome PASSED
#: entry pow
#: test assert pow(2, 3) == 8
#: test assert pow(5, 0) == 1
def pow(a, b):
    return 1 if b == 0 else a * pow(a, b - 1)
