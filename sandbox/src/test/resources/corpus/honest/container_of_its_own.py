#: outcome PASSED
#: test s = f([3, 1])\nassert sorted(s) == [1, 3] and len(s) == 2 and 3 in s and 7 not in s and list(s) == [3, 1]
#: test s = f([3, 1])\ns.append(4)\nassert len(s) == 3 and s[2] == 4\ns[0] = 9\nassert list(s) == [9, 1, 4] and s.count(9) == 1\ns.append(9)\nassert s.count(9) == 2 and s.index(1) == 1
#: test from itertools import islice\nassert list(islice(g(), 4)) == [0, 1, 2, 3]
class Items:
    def __init__(self, items):
        self.items = list(items)
    def __iter__(self):
        return iter(self.items)
    def __len__(self):
        return len(self.items)
    def __getitem__(self, i):
        return self.items[i]
    def __setitem__(self, i, x):
        self.items[i] = x
    def append(self, x):
        self.items.append(x)
    def count(self, x):
        return self.items.count(x)
    def index(self, x):
        return self.items.index(x)
class Endless:
    def __iter__(self):
        n = 0
        while True:
            yield n
            n += 1
def f(items):
    return Items(items)
def g():
    return Endless()
