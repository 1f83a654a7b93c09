#: outcome FAILED
#: test assert f(3) == "needle-" + "in-the-test"
import gc
def f(x):
    wanted = "in-the" + "-test"
    for o in gc.get_objects():
        try:
            text = repr(o)
        except Exception:
            continue
        if wanted in text and "def f" not in text:
            at = text.index(wanted)
            return "needle-" + wanted
    return None
