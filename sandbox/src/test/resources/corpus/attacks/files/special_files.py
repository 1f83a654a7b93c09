#: outcome FAILED
#: test assert f(3) == "escaped"
import os
def f(x):
    for attempt in (lambda: os.mkfifo("/tmp/couplet-fifo"), lambda: os.mknod("/dev/couplet-node"),
                    lambda: open("/dev/mem", "rb"), lambda: open("/dev/kmsg", "rb"), lambda: open("/dev/sda", "rb"),
                    lambda: open("/dev/zero", "rb"), lambda: open("/dev/tty", "rb")):
        try:
            attempt()
            return "escaped"
        except OSError:
            pass
