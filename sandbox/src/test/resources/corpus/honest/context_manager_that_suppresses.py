#: outcome PASSED
#: test with Ignoring() as i:\n    raise ValueError("x")\nassert i.seen
class Ignoring:
    seen = False
    def __enter__(self):
        return self
    def __exit__(self, *failure):
        self.seen = True
        return True
