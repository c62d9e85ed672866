"""Valid files with a few bytes changed, for the tests that nothing but a plain refusal may come of them."""

from hypothesis import strategies as st

TOKENS = [
    b"<<",
    b">>",
    b"[",
    b"]",
    b"stream",
    b"endobj",
    b" 1 0 R",
    b" 99999999 0 R",
    b"/Kids",
    b"null",
    b"%%EOF",
    b"\0",
]
MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 10**6),
        st.none() | st.integers(0, 60),
        st.one_of(st.binary(max_size=40), st.sampled_from(TOKENS)),
    ),
    min_size=1,
    max_size=8,
)


def mutated(content, mutations):
    """Replace bytes by others, as many (None) or another number, which breaks every address in the file.

    Both ends are kept, so that the child has something to read.
    """
    for place, length, other in mutations:
        start = 8 + place % (len(content) - 14)
        end = min(start + (len(other) if length is None else length), len(content) - 6)
        content = content[:start] + other + content[max(start, end) :]
    return content
