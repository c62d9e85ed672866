import pytest
from django.core.management import CommandError, call_command

from ikz import kern

STYLE_SHEET = """
:root {
  --kern-color-darkblue-700: oklch(42.84% 0.1689 265.02);
  --kern-font-size-16:   1rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --kern-color-layout-text-default: var(--kern-color-neutral-025);
  }
}
"""
FONT_SHEET = "@font-face {\n  src: url(\"./fira-sans/FiraSans-Regular.woff2\") format('woff2');\n}\n"


@pytest.fixture
def node_modules(tmp_path):
    dist = tmp_path / "node_modules" / kern.PACKAGE
    (dist / "fonts" / "fira-sans").mkdir(parents=True)
    (dist / "kern.css").write_text(STYLE_SHEET, encoding="utf-8")
    (dist / "kern.min.css").write_text("a{b:c}/*# sourceMappingURL=kern.min.css.map */", encoding="utf-8")
    (dist / "fonts" / "fira-sans.css").write_text(FONT_SHEET, encoding="utf-8")
    (dist / "fonts" / "fira-sans" / "FiraSans-Regular.woff2").write_bytes(b"font")
    (dist / "fonts" / "fira-sans" / "FiraSans-Ultra.woff2").write_bytes(b"not asked for")
    return tmp_path / "node_modules"


def test_install_takes_over_what_is_used_and_nothing_else(node_modules, tmp_path):
    target = tmp_path / "static"
    (target / "old").mkdir(parents=True)

    call_command("kern_assets", node_modules=node_modules, target=target)

    files = {str(path.relative_to(target)): path.read_text() for path in target.rglob("*") if path.is_file()}
    assert files == {
        "kern.min.css": "a{b:c}",
        "fonts/fira-sans.css": FONT_SHEET,
        "fonts/fira-sans/FiraSans-Regular.woff2": "font",
        "kern-tokens.css": (
            "/* Aus KERN erzeugt (manage.py kern_assets); nicht von Hand ändern. */\n"
            ":root {\n"
            "  --kern-color-darkblue-700: oklch(42.84% 0.1689 265.02);\n"
            "  --kern-font-size-16: 1rem;\n"
            "}\n"
        ),
    }


def test_missing_package_names_the_next_step(tmp_path):
    with pytest.raises(CommandError, match=r"kern\.min\.css fehlt\. Bitte holen Sie KERN zuerst mit „make assets“\."):
        call_command("kern_assets", node_modules=tmp_path / "node_modules", target=tmp_path / "static")


def test_changed_package_is_refused():
    with pytest.raises(kern.KernChanged):
        kern.token_sheet("body {\n  --kern-color-darkblue-700: red;\n}\n")
