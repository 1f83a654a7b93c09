#: outcome FAILED
#: test assert f(3) == "escaped"
#: machine x86_64
import _ctypes, os

def f(x):
    call = _ctypes.dlsym(_ctypes.dlopen(None, 2), "syscall")
    if _ctypes.call_function(call, (157,) + (4, 1, 0, 0, 0)) != -1:
        return "escaped"
