#: outcome PASSED
#: test assert f() == "caught"
import os, signal
def f():
    caught = []
    signal.signal(signal.SIGUSR1, lambda *a: caught.append("caught"))
    os.kill(os.getpid(), signal.SIGUSR1)
    return caught[0]
