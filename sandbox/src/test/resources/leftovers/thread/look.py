#: outcome FAILED
#: test assert f() == "found"
import threading
def f():
    return "found" if threading.active_count() > 1 else None
