import os


class Store:
    def fill(self):
        name =
        if self.size > 1:
            return "a"

    def count(self, most=1):
        for item in range(
        return None

    @property
    def text(self):
        # All of it.
        text = "not closed
        while True:
            yield f"{text} x"


def show(most: int) -> str:
    pass
