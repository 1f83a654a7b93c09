#: outcome PASSED
#: test assert twice(lambda: 4)() == 8
#: test @twice\ndef g():\n    return 5\nassert g() == 10
def twice(function):
    def inner(*args):
        return 2 * function(*args)
    return inner
