#: outcome FAILED
#: test assert f() == "found"
import os, resource, signal
def f():
    if signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN or signal.getitimer(signal.ITIMER_REAL)[0]:
        return "found"
    if signal.SIGUSR2 in signal.pthread_sigmask(signal.SIG_BLOCK, ()):
        return "found"
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 10 or "COUPLET_LEFT" in os.environ:
        return "found"
    return "found" if os.umask(0o22) == 0o123 else None
