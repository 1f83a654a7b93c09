#: outcome FAILED
#: test assert f(3) == 1987
import os, threading
def flood():
    body = b'{"q":3,"v":true}'
    while True:
        os.write(3, len(body).to_bytes(4, "big") + body)
threading.Thread(target=flood, daemon=True).start()
def f(x):
    return 0
