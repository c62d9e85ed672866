"""The KERN design system: what we take over from its npm package into our static files.

The package is fetched, never committed. Its style sheet is meant for the portal; the admin takes only the design
tokens out of it, because kern.css restyles every element.
"""

import re
import shutil
from pathlib import Path

PACKAGE = Path("@kern-ux", "native", "dist")
STYLE_SHEET = "kern.css"
MINIFIED = "kern.min.css"
FONTS = Path("fonts")
FONT_SHEET = "fira-sans.css"
TOKENS = "kern-tokens.css"

# Only rules that stand at the beginning of a line: those inside media queries change with theme and width.
TOP_LEVEL_ROOT = re.compile(r"^:root \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
DECLARATION = re.compile(r"(--kern-[a-z0-9-]+):\s*([^;]+);")
FONT_FILE = re.compile(r'url\("\./([^"]+\.woff2)"\)')
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/")


class KernChanged(Exception):
    """The package does not look as this module expects it."""


def install(node_modules: Path, target: Path) -> None:
    """Copy style sheet and fonts to `target` and extract the tokens; an older state of `target` is replaced."""
    source = node_modules / PACKAGE
    shutil.rmtree(target, ignore_errors=True)
    (target / FONTS).mkdir(parents=True)
    _write(target / MINIFIED, SOURCE_MAP.sub("", _read(source / MINIFIED)))
    _copy_fonts(source / FONTS, target / FONTS)
    # Last, because its presence says that everything lies there.
    _write(target / TOKENS, token_sheet(_read(source / STYLE_SHEET)))


def token_sheet(style_sheet: str) -> str:
    """The custom properties that hold for every theme and width: palette, sizes, spaces, fonts."""
    tokens = {
        name: " ".join(value.split())
        for block in TOP_LEVEL_ROOT.findall(style_sheet)
        for name, value in DECLARATION.findall(block)
    }
    if "--kern-color-darkblue-700" not in tokens:
        raise KernChanged("In kern.css fehlen die Farben, aus denen die Gestaltung der Verwaltung besteht.")
    lines = [f"  {name}: {value};" for name, value in tokens.items()]
    return "\n".join(
        ["/* Aus KERN erzeugt (manage.py kern_assets); nicht von Hand ändern. */", ":root {", *lines, "}", ""]
    )


def _copy_fonts(source: Path, target: Path) -> None:
    sheet = _read(source / FONT_SHEET)
    _write(target / FONT_SHEET, sheet)
    for name in FONT_FILE.findall(sheet):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
