#: outcome TIMEOUT
#: timeout 400
#: test assert f(3) == 1987
import time
time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
def f(x):
    while True:
        pass
