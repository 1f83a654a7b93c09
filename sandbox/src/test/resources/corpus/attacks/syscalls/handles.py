#: outcome FAILED
#: test assert f(3) == "escaped"
#: machine x86_64
import _ctypes, os

def f(x):
    call = _ctypes.dlsym(_ctypes.dlopen(None, 2), "syscall")
    if _ctypes.call_function(call, (303,) + (-100, b'/\0', b'\x80\0\0\0' + b'\0' * 200, b'\0' * 8, 0)) != -1:
        return "escaped"
