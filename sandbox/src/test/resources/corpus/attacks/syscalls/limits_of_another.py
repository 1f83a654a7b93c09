#: outcome FAILED
#: test assert f(3) == "escaped"
#: machine x86_64
import _ctypes, os

def f(x):
    call = _ctypes.dlsym(_ctypes.dlopen(None, 2), "syscall")
    if _ctypes.call_function(call, (302,) + (1, 7, 0, b'\0' * 16)) != -1:
        return "escaped"
