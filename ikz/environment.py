"""What the environment says: each setting by its name, kind and default. What cannot be meant stops the start.

An empty value counts as not given. A secret may lie in a file that `NAME_FILE` points to. Errors are sentences that say
what to do, and never repeat a secret.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from email.utils import getaddresses
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import EmailValidator

from ikz.hosts import is_address, is_this_machine

PREFIX = "IKZ_"
FILE = "_FILE"
A_SLIP = 0.9  # how alike two names are: a letter too few, too many or swapped; DATABASE_USER for DATABASE_URL is 0.88
YES, NO = ("1", "true", "on", "yes", "ja"), ("0", "false", "off", "no", "nein")
DATABASES = ("postgres", "postgresql", "sqlite")
MAIL_SERVERS = ("smtp", "smtp+tls", "smtp+ssl")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")  # of libpq, from none to all
SAFE_SSL_MODE = SSL_MODES[-1]
HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")


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

    def word(self, name: str, *, pattern: str, expected: str) -> str:
        """A word that somebody else prescribes the form of; empty if it is not given."""
        given = self.text(name)
        if given and not re.fullmatch(pattern, given):
            raise _malformed(name, given, expected)
        return given

    def hosts(self, name: str, *, default: Sequence[str]) -> list[str]:
        """Names and addresses of hosts; `.example` stands for all names below it."""
        given = self.several(name, default=default)
        if strange := [each for each in given if not _names_a_host(each)]:
            raise _malformed(
                name,
                ", ".join(strange),
                "eine Liste von Rechnernamen wie „ikz.example“; „.ikz.example“ meint alle darunter",
            )
        return given

    def web_address(self, name: str, *, default: str = "") -> str:
        """An address with http or https and without a path, as `https://ikz.example`."""
        given = self.text(name, default=default).rstrip("/")
        if given and not _is_web_address(given):
            raise _malformed(name, given, "eine Adresse wie „https://ikz.example“ ohne Pfad")
        return given

    def sender(self, name: str, *, default: str) -> str:
        """One mail address, with the name of the sender in front or without."""
        given = self.text(name, default=default)
        if not _is_one_sender(given):
            raise _malformed(name, given, "eine einzige Adresse wie „ikz@ikz.example“ oder „IKZ <ikz@ikz.example>“")
        return given

    def folder(self, name: str, *, default: str) -> Path:
        """A folder, made where it is missing."""
        path = Path(self.text(name, default=default))
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise ImproperlyConfigured(
                f"{name} nennt einen Ordner, der sich nicht anlegen lässt: „{path}“. Bitte prüfen Sie Pfad und Rechte."
            ) from None
        return path

    def database(self, name: str, *, default: str) -> dict:
        """Django's settings of a database, from its address. With a server elsewhere it speaks over TLS unless told."""
        example = "„postgres://name:passwort@rechner/ikz“ oder „sqlite:////var/lib/ikz/ikz.sqlite3“"
        config = _service(name, self.secret(name, default=default), DATABASES, environ.Env.db_url_config, example)
        if not config["NAME"]:
            raise _unreadable(name, example)
        if config["ENGINE"].endswith("postgresql"):
            _set_ssl_mode(name, config)
        return config

    def mail_server(self, name: str) -> dict:
        """Django's settings of a mail server, from its address; {} if there is none."""
        example = "„smtp+tls://name:passwort@rechner:587“"
        url = self.secret(name)
        config = _service(name, url, MAIL_SERVERS, environ.Env.email_url_config, example) if url else {}
        if url and not config["EMAIL_HOST"]:
            raise _unreadable(name, example)
        return config

    def refuse_unknown(self) -> None:
        """To be called when everything was read: a typing mistake must not look like a default."""
        known = {*self.defaults, *(name + FILE for name in self.secrets)}
        for name in sorted(self._variables):
            if name.startswith(PREFIX) and name not in known:
                raise ImproperlyConfigured(f"Die Einstellung {name} gibt es nicht. {_advice(name, known)}")
        self._refuse_what_looks_like(known)

    def _refuse_what_looks_like(self, known: set[str]) -> None:
        """A name without our prefix may belong to another program: only a slip of the finger stops the start, and only where
        the setting that it resembles is not given, so that its default would be taken unnoticed.
        """
        missing = [
            name for name in known if not name.startswith(PREFIX) and not self._is_given(name.removesuffix(FILE))
        ]
        for name in sorted(set(self._variables) - known):
            nearest = difflib.get_close_matches(name.upper(), missing, n=1, cutoff=A_SLIP)
            if nearest and self._given(name):
                raise ImproperlyConfigured(
                    f"Die Einstellung {name} gibt es nicht. Meinten Sie {nearest[0]}? Gehört der Name zu einem anderen "
                    f"Programm, so setzen Sie bitte {nearest[0]} ausdrücklich."
                )

    def _is_given(self, name: str) -> bool:
        """Here or in a file."""
        return bool(self._given(name) or self._given(name + FILE))

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
    raise _unreadable(name, example)


def host_of(database: dict) -> str:
    """The host of a database, which its address may name in front or as an option."""
    return database.get("OPTIONS", {}).get("host") or database.get("HOST", "")


def _set_ssl_mode(name: str, config: dict) -> None:
    options = config.setdefault("OPTIONS", {})
    if not is_this_machine(host_of(config)):
        options.setdefault("sslmode", SAFE_SSL_MODE)
    if (given := options.get("sslmode", SAFE_SSL_MODE)) not in SSL_MODES:
        raise _malformed(name, f"sslmode={given}", f"sslmode={' oder '.join(SSL_MODES)}")


def _names_a_host(word: str) -> bool:
    bare = word.removeprefix("[").removesuffix("]") if word.startswith("[") and word.endswith("]") else ""
    return word == "*" or is_address(bare) or bool(HOST_NAME.fullmatch(word.removeprefix(".")))


def _is_web_address(text: str) -> bool:
    if not re.fullmatch(r"https?://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?", text):
        return False
    port = text.rpartition(":")[2]
    return not port.isdigit() or 0 < int(port) < 1 << 16


def _is_one_sender(text: str) -> bool:
    addresses = getaddresses([text])
    if len(addresses) != 1 or not text.isprintable() or text.endswith(","):
        return False
    try:
        EmailValidator(allowlist=["localhost"])(addresses[0][1])
    except ValidationError:
        return False
    return True


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _unreadable(name: str, example: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} ist keine lesbare Adresse. Erwartet wird zum Beispiel {example}.")


def _malformed(name: str, given: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} ist falsch gesetzt: „{given}“. Erwartet wird {expected}.")


def _advice(name: str, known: set[str]) -> str:
    nearest = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    if nearest:
        return f"Meinten Sie {nearest[0]}?"
    return "Alle Einstellungen stehen in docs/settings.md; bitte entfernen Sie die unbekannte."
