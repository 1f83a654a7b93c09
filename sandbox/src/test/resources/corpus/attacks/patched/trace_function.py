#: outcome FAILED
#: test assert f(3) == 1987
import sys
def tracer(frame, event, arg):
    if event == "return" and "value" in frame.f_locals:
        frame.f_locals["value"] = 1987
    return tracer
sys.settrace(tracer)
def f(x):
    value = 0
    return value
