#: outcome TIMEOUT
#: timeout 400
#: test assert f(3) == 1987
import signal
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
def f(x):
    while True:
        pass
