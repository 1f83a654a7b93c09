#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
import copyreg
def f(x):
    copyreg.dispatch_table[f] = None
    n = sum(1 for k in copyreg.dispatch_table if k is f or type(k) is int)
    copyreg.dispatch_table[len(copyreg.dispatch_table)] = None
    return n
