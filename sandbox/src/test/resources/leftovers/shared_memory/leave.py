#: outcome FAILED
#: test assert f() == "left"
from multiprocessing import shared_memory
def f():
    shared_memory.SharedMemory("couplet_left", create=True, size=4096)
    return "left"
