#: outcome PASSED
#: test assert f(200) == 200
def f(n):
    held = [bytearray(1 << 20) for _ in range(n)]
    return len(held)
