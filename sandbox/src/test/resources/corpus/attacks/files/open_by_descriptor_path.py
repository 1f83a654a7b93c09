#: outcome FAILED
#: test assert f(3) == "escaped"
def f(x):
    for path in ("/dev/fd/3", "/proc/self/fd/3", "/proc/self/root/etc/passwd"):
        try:
            open(path, "rb").close()
            return "escaped"
        except OSError:
            pass
