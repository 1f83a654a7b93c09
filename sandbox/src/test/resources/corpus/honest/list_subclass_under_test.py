#: outcome PASSED
#: test s = Stack()\ns.push(1)\ns.push(2)\nassert s == [1, 2] and len(s) == 2 and s[0] == 1 and 2 in s
class Stack(list):
    def push(self, x):
        self.append(x)
