#: outcome PASSED
#: rate 1
#: test assert f() == "left"
import threading, time
def f():
    threading.Thread(target=time.sleep, args=(60,), name="couplet-left").start()
    return "left"
