"""What the environment says: each setting by its name, kind and default. What cannot be meant stops the start.

An empty value counts as not given. A secret may lie in a file that `NAME_FILE` points to. Errors are sentences that say
what to do, and never repeat a secret.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

PREFIX = "IKZ_"
FILE = "_FILE"
YES, NO = ("1", "true", "on", "yes", "ja"), ("0", "false", "off", "no", "nein")
DATABASES = ("postgres", "postgresql", "sqlite")
MAIL_SERVERS = ("smtp", "smtp+tls", "smtp+ssl")


class Environment:
    """Reads settings and remembers which there are: `defaults` by name, `secrets` those that may lie in a file."""

    def __init__(self, variables: Mapping[str, str]):
        self._variables = variables
        self.defaults: dict[str, object] = {}
        self.secrets: set[str] = set()

    def text(self, name: str, *, default: str = "") -> str:
        self.defaults[name] = default
        return self._given(name) or default

    def secret(self, name: str, *, default: str = "") -> str:
        self.secrets.add(name)
        given, file = self.text(name, default=default), self._given(name + FILE)
        if not file:
            return given
        if self._given(name):
            raise ImproperlyConfigured(f"{name} und {name}{FILE} sind beide gesetzt. Bitte entfernen Sie eines davon.")
        return self._content(name + FILE, file) or default

    def switch(self, name: str, *, default: bool) -> bool:
        """On or off."""
        self.defaults[name] = default
        given = self._given(name).lower()
        if given not in ("", *YES, *NO):
            raise _malformed(name, self._given(name), "„on“ oder „off“")
        return given in YES if given else default

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        self.defaults[name] = default
        given = self._given(name)
        if not given:
            return default
        if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
            raise _malformed(name, given, f"eine ganze Zahl von {least} bis {most}")
        return int(given)

    def several(self, name: str, *, default: Sequence[str] = (), among: Sequence[str] = ()) -> list[str]:
        """Words, parted by commas."""
        self.defaults[name] = default
        words = _words(self._given(name))
        if among and (strange := [word for word in words if word not in among]):
            raise _malformed(name, ", ".join(strange), f"eine Auswahl aus {', '.join(sorted(among))}")
        return words or list(default)

    def secrets_of(self, name: str) -> list[str]:
        """Several secrets, parted by commas or lines."""
        return _words(self.secret(name).replace("\n", ","))

    def choice(self, name: str, *, default: str, among: Sequence[str]) -> str:
        self.defaults[name] = default
        given = self._given(name) or default
        if given not in among:
            raise _malformed(name, given, " oder ".join(f"„{each}“" for each in among if each))
        return given

    def web_address(self, name: str, *, default: str = "") -> str:
        """An address with http or https and without a path, as `https://ikz.example`."""
        given = self.text(name, default=default).rstrip("/")
        if given and not re.fullmatch(r"https?://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?", given):
            raise _malformed(name, given, "eine Adresse wie „https://ikz.example“ ohne Pfad")
        return given

    def database(self, name: str, *, default: str) -> dict:
        """Django's settings of a database, from its address."""
        example = "„postgres://name:passwort@rechner/ikz“ oder „sqlite:////var/lib/ikz/ikz.sqlite3“"
        return _service(name, self.secret(name, default=default), DATABASES, environ.Env.db_url_config, example)

    def mail_server(self, name: str) -> dict:
        """Django's settings of a mail server, from its address; {} if there is none."""
        example = "„smtp+tls://name:passwort@rechner:587“"
        url = self.secret(name)
        return _service(name, url, MAIL_SERVERS, environ.Env.email_url_config, example) if url else {}

    def refuse_unknown(self) -> None:
        """To be called when everything was read: a typing mistake must not look like a default."""
        known = {*self.defaults, *(name + FILE for name in self.secrets)}
        for name in sorted(self._variables):
            if name.startswith(PREFIX) and name not in known:
                raise ImproperlyConfigured(f"Die Einstellung {name} gibt es nicht. {_advice(name, known)}")

    def _given(self, name: str) -> str:
        return self._variables.get(name, "").strip()

    def _content(self, name: str, path: str) -> str:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(
                f"{name} nennt eine Datei, die sich nicht lesen lässt: „{path}“. Bitte prüfen Sie Pfad und Leserechte."
            ) from None


def _service(name: str, url: str, schemes: Sequence[str], parse: Callable[[str], dict], example: str) -> dict:
    """What environ makes of an address. The error does not repeat it, as it may hold a password."""
    scheme, _, rest = url.partition("://")
    try:
        if scheme in schemes and rest:
            return parse(url)
    except ValueError:  # of the port
        pass
    raise ImproperlyConfigured(f"{name} ist keine lesbare Adresse. Erwartet wird zum Beispiel {example}.")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _malformed(name: str, given: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} ist falsch gesetzt: „{given}“. Erwartet wird {expected}.")


def _advice(name: str, known: set[str]) -> str:
    nearest = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    if nearest:
        return f"Meinten Sie {nearest[0]}?"
    return "Alle Einstellungen stehen in docs/settings.md; bitte entfernen Sie die unbekannte."
