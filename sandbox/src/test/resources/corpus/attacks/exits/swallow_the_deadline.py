#: outcome TIMEOUT
#: timeout 300
#: test try:\n    f(1)\nexcept:\n    pass
def f(x):
    while True:
        pass
