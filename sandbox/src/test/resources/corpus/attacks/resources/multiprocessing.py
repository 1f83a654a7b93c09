#: outcome FAILED
#: test assert f(3) == "escaped"
import multiprocessing
def f(x):
    with multiprocessing.Pool(4) as pool:
        pool.map(abs, [1, 2])
    return "escaped"
