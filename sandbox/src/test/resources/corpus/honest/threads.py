#: outcome PASSED
#: test assert f(40) == 780
import threading
def f(n):
    total, lock = [0], threading.Lock()
    def work(i):
        with lock:
            total[0] += i
    threads = [threading.Thread(target=work, args=(i,)) for i in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return total[0]
