#: outcome PASSED
#: setup root = Tree(1)\nroot.left = Tree(2)\nroot.right = Tree(3)\nroot.left.left = Tree(4)
#: test assert height(root) == 3
#: test assert height(root.left) == 2
class Tree:
    def __init__(self, value):
        self.value, self.left, self.right = value, None, None
def height(t):
    return 0 if t is None else 1 + max(height(t.left), height(t.right))
