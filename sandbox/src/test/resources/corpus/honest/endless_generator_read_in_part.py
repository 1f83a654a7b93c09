#: outcome PASSED
#: test from itertools import islice\nassert list(islice(primes(), 5)) == [2, 3, 5, 7, 11]
#: test g = primes()\nassert next(g) == 2 and next(g) == 3
def primes():
    n = 2
    while True:
        if all(n % d for d in range(2, n)):
            yield n
        n += 1
