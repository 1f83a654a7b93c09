#: outcome PASSED
#: test assert Dog("rex").speak() == "rex: woof"
#: test assert isinstance(Dog("a"), Animal) and not isinstance(Dog("a"), Cat) and issubclass(Dog, Animal)
#: test assert [a.speak() for a in make()] == ["a: woof", "b: meow"]
class Animal:
    def __init__(self, name):
        self.name = name
    def speak(self):
        return self.name + ": " + self.sound
class Dog(Animal):
    sound = "woof"
class Cat(Animal):
    sound = "meow"
def make():
    return [Dog("a"), Cat("b")]
