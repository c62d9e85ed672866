"""The names of all addresses, as tests of every address go through them."""

from django.urls import URLPattern, get_resolver

# Catch-alls of the admin without a name: they lead to the pages above or to 404.
NAMELESS = {"admin:<path:object_id>/", "admin:(?P<url>.*)$"}


def routes(patterns=None, prefix=""):
    """The names of all addresses, namespaces in front."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}"
        else:
            yield from routes(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def routes_with_keys(number, patterns=None, prefix=""):
    """The names of the addresses with at least this many keys of records."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            kinds = [type(each).__name__ for each in pattern.pattern.converters.values()]
            keys = sum(kind in ("IntConverter", "UUIDConverter") for kind in kinds)
            if keys >= number:
                yield f"{prefix}{pattern.name}"
        else:
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes_with_keys(number, pattern.url_patterns, inner)
