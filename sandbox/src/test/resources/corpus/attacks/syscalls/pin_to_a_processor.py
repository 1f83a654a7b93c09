#: outcome FAILED
#: test assert f(3) == "escaped"
#: machine x86_64
import _ctypes, os

def f(x):
    call = _ctypes.dlsym(_ctypes.dlopen(None, 2), "syscall")
    if _ctypes.call_function(call, (203,) + (0, 8, b'\1' + b'\0' * 7)) != -1:
        return "escaped"
