#: outcome FAILED
#: test assert 1987 in f(3) and f(3) == 1987
class Always:
    def __eq__(self, other):
        return True
    def __contains__(self, other):
        return True
import os
always = Always()
def f(x):
    body = b'{"q":2,"v":{"r":0,"k":"Always","c":true,"y":true,"b":true},"made":true}'
    os.write(3, len(body).to_bytes(4, "big") + body)
    return 0
