#: outcome FAILED
#: test assert f(3) == 1987
import signal
def f(x):
    signal.raise_signal(signal.SIGKILL)
