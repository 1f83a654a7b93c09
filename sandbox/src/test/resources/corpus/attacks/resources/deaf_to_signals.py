#: outcome TIMEOUT
#: timeout 400
#: test assert f(3) == 1987
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
def f(x):
    while True:
        pass
