#: outcome FAILED
#: test assert f(3) == 1987
import os
def f(x):
    body = b'{"cb":0,"a":[],"kw":{}}'
    os.write(3, len(body).to_bytes(4, "big") + body)
    return 0
