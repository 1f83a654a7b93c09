#: outcome PASSED
#: test m = [[1, 2], [3, 4]]\nrow = m[0]\nf(m)\nassert m == [[1, 3], [2, 4]]\nassert row == [1, 3]
def f(m):
    for i in range(len(m)):
        for j in range(i):
            m[i][j], m[j][i] = m[j][i], m[i][j]
