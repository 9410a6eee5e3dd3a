"""Random choices, all from one seed."""

import random


class Chance(random.Random):
    """random.Random with the few questions that the generators ask."""

    def maybe(self, probability):
        return self.random() < probability

    def pick(self, items):
        return items[self.randrange(len(items))]

    def some(self, items, least=0, most=None):
        """A few different items, in a random order."""
        items = list(items)
        most = len(items) if most is None else min(most, len(items))
        return self.sample(items, self.randint(min(least, most), most))

    def weighted(self, table):
        """A key of a dictionary, as often as its value says."""
        return self.choices(list(table), weights=list(table.values()))[0]
