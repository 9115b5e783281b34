"""What can be chosen by a key, each with all that is known of it in a file of its own.

Providers of messages today; sources, checks and steps of a sequence join in this way.
"""


class Registry:
    """Classes by what they are known by.

    >>> shapes = Registry("name")
    >>> @shapes.add
    ... class Circle:
    ...     name = "circle"
    >>> shapes.get("circle").__name__, shapes.get("square")
    ('Circle', None)
    """

    def __init__(self, *attributes):
        """Make an empty one.

        :param attributes: names of the attributes that a class is known by
        """
        self._attributes = attributes
        self._classes = {}

    def add(self, cls):
        """Make a class known; a decorator.

        :raise ValueError: when it says too little, or is known already
        """
        key = tuple(getattr(cls, name, None) for name in self._attributes)
        if not all(key):
            raise ValueError(f"{cls.__name__} lacks one of {self._attributes}")
        if key in self._classes:
            raise ValueError(f"There are two of {key}")
        self._classes[key] = cls
        return cls

    def get(self, *key):
        """Return the class known by a key, or None."""
        return self._classes.get(key)

    def __iter__(self):
        """Go through the classes, in the order in which they became known."""
        return iter(self._classes.values())
