#: outcome FAILED
#: test assert f(3) == 1987
import os
body = b'{"q":3,"v":true}'
os.write(3, len(body).to_bytes(4, "big") + body)
def f(x):
    return 0
