#: outcome PASSED
#: test with Opened("x") as o:\n    assert o.name == "x"\nassert log() == ["in", "out"]
events = []
class Opened:
    def __init__(self, name):
        self.name = name
    def __enter__(self):
        events.append("in")
        return self
    def __exit__(self, *a):
        events.append("out")
def log():
    return events
