#: outcome PASSED
#: test assert f(20) == [i * i for i in range(20)]
from concurrent.futures import ThreadPoolExecutor
def f(n):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda i: i * i, range(n)))
