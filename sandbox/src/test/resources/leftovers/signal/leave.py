#: outcome PASSED
#: rate 1
#: test assert f() == "left"
import signal, resource, os
def f():
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 3600)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
    resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))
    os.environ["COUPLET_LEFT"] = "1"
    os.umask(0o123)
    return "left"
