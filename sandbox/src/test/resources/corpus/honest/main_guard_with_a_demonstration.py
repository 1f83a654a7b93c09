#: outcome PASSED
#: test assert f(3) == 1987
def f(x):
    return 1984 + x
def main():
    for i in range(3):
        print(f(i))
if __name__ == "__main__":
    main()
