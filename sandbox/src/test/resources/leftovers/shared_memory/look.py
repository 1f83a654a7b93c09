#: outcome FAILED
#: test assert f() == "found"
from multiprocessing import shared_memory
def f():
    return "found" if shared_memory.SharedMemory("couplet_left") else None
