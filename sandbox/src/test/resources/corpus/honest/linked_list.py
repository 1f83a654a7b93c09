#: outcome PASSED
#: test head = Node(1)\nhead.next = Node(2)\nassert f(head) == [1, 2]
#: test a = Node(1)\nb = Node(2)\na.next = b\nr = reverse(a)\nassert r is b and r.next is a and r.next.next is None
class Node:
    def __init__(self, value):
        self.value, self.next = value, None
def f(node):
    out = []
    while node:
        out.append(node.value)
        node = node.next
    return out
def reverse(node):
    last = None
    while node:
        node.next, last, node = last, node, node.next
    return last
