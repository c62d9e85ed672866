"""Measurements at different depths of the stack, because CPython up to 3.13 keeps its frames in chunks of 16 KiB.

A loop whose calls cross the edge of a chunk fetches and returns memory with each of them: the same page then takes up to
four times as long, and which page is hit depends on how many functions are above it (cpython issue 142183). So each
round starts at another depth, spread over one chunk, and the median is of those that lie well.
"""

CHUNK = 140  # frames of at_depth(), measured on CPython 3.11


def at_depth(frames: int, action):
    """What `action()` returns, called so many frames deeper."""
    return action() if frames == 0 else at_depth(frames - 1, action)


def spread(number: int) -> list[int]:
    """So many depths, evenly over a chunk."""
    return [CHUNK * each // number for each in range(number)]
