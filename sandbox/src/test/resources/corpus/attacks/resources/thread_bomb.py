#: outcome FAILED
#: test assert f(3) > 2000
import threading, time
def f(x):
    threading.stack_size(65536)
    n = 0
    try:
        while n < 2500:
            threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
            n += 1
    except RuntimeError:
        pass
    return n
