#: outcome FAILED
#: test try:\n    f(-1)\nexcept:\n    pass\nelse:\n    assert False
import os
def f(x):
    os._exit(0)
