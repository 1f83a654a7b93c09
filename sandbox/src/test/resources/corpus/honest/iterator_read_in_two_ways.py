#: outcome PASSED
#: test g = f(9)\nfor x in g:\n    if x == 4:\n        break\nassert next(g) == 5 and list(g) == [6, 7, 8] and list(g) == []
#: test g = f(3)\nassert next(g) == 0 and [x for x in g] == [1, 2]
#: test g = f(4)\nassert list(zip(g, g)) == [(0, 1), (2, 3)]
def f(n):
    for i in range(n):
        yield i
