#: outcome FAILED
#: test assert f(3) == "escaped"
def f(x):
    for pid in ("self", "1", "2", "3"):
        try:
            with open("/proc/%s/cmdline" % pid) as text:
                text.read()
            return "escaped"
        except OSError:
            pass
