#: outcome FAILED
#: test assert f() == "left"
def f():
    for path in ("/tmp/couplet-left", "/var/tmp/couplet-left", "/dev/shm/couplet-left", "couplet-left"):
        try:
            with open(path, "w") as out:
                out.write("left")
            return "left"
        except OSError:
            pass
