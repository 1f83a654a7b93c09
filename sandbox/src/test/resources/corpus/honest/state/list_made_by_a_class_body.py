#: outcome PASSED
#: test assert f(0) == 1
#: test assert f(0) == 1
#: test assert f(0) == 1
class Counter:
    for seen in [[]]:
        pass
    def count(self):
        self.seen.append(0)
        return len(self.seen)
def f(x):
    return Counter().count()
