#: outcome PASSED
#: test add = adder(3)\nassert add(4) == 7\nassert adder(1)(1) == 2
#: test c = counter()\nassert c() == 1 and c() == 2
def adder(n):
    return lambda x: x + n
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
