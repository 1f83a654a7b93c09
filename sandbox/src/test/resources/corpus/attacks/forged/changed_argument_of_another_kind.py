#: outcome FAILED
#: test a = (1, 2)\nf(a)\nassert a == (19, 87)
import os
def f(x):
    body = b'{"q":2,"v":null,"m":{"0":{"t":[19,87]}}}'
    os.write(3, len(body).to_bytes(4, "big") + body)
    return 0
