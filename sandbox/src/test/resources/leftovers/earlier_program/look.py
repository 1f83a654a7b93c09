#: outcome FAILED
#: test assert f() == "found"
import gc
def f():
    wanted = "-".join(["needle", "of", "the", "first", "program"])
    for o in gc.get_objects():
        if type(o) in (list, dict, tuple) and wanted in repr(o)[:100000]:
            return "found"
