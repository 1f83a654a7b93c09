#: outcome PASSED
#: test s = make_stack()\ns.push(4)\nassert s.pop() == 4
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
    def pop(self):
        return self.items.pop()
def make_stack():
    return Stack()
