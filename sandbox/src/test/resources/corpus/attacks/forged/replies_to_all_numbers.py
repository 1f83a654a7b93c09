#: outcome FAILED
#: test assert f(3) == 1987
import os
def f(x):
    for q in range(100):
        body = b'{"q":%d,"v":true,"passed":true}' % q
        os.write(3, len(body).to_bytes(4, "big") + body)
    return 0
