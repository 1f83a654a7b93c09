#: outcome PASSED
#: test assert f() == 1
#: test assert f() == 1
count = 0
def f():
    global count
    count += 1
    return count
