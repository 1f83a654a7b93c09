#: outcome FAILED
#: test assert f(3) == 1987
import os
def f(x):
    for body in (b'{"refused":"x"}', b'{"ready":true}', b'{"invalid":"x"}'):
        os.write(3, len(body).to_bytes(4, "big") + body)
    return 0
