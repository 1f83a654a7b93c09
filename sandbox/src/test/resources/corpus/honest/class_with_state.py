#: outcome PASSED
#: test s = Stack()\ns.push(1)\ns.push(2)\nassert s.pop() == 2\nassert len(s) == 1\nassert s.peek() == 1\nassert not s.empty()
#: test s = Stack()\nassert s.empty()\ntry:\n    s.pop()\n    assert False\nexcept IndexError:\n    pass
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
    def pop(self):
        return self.items.pop()
    def peek(self):
        return self.items[-1]
    def empty(self):
        return not self.items
    def __len__(self):
        return len(self.items)
