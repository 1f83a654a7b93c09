#: outcome FAILED
#: test assert f(3) == "escaped"
def f(x):
    return "escaped" if open("/etc/passwd").read() else None
