#: outcome FAILED
#: test assert f(3) == 1987
import _ctypes
def f(x):
    try:
        handle = _ctypes.dlopen(None, 2)
        target = _ctypes.dlsym(handle, "PyObject_RichCompare")
        memset = _ctypes.dlsym(handle, "memset")
        _ctypes.call_function(memset, (target, 0xC3, 16))
    except Exception:
        pass
    return 0
