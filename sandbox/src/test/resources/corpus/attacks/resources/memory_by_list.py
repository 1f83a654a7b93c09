#: outcome FAILED/TIMEOUT
#: timeout 2000
#: test assert f(3) == "escaped"
def f(x):
    held = []
    while len(held) < 300:
        held.append(bytearray(16 << 20))
    return "escaped"
