"""`make audit`: an SBOM of what ships, and whether a published vulnerability concerns it.

pip-audit ends with success even where it could look up nothing; here that counts as not checked. It knows Python packages;
what comes from npm, styles and fonts without a program, stands in the SBOM alone.
"""

import base64
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from tests import third_party

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
SBOM = ROOT / "var" / "sbom.json"


def write_sbom() -> None:
    """CycloneDX, from the pinned packages with their hashes and what ships from npm."""
    SBOM.parent.mkdir(exist_ok=True)
    command = ["cyclonedx_py", "requirements", str(REQUIREMENTS), "--of", "JSON", "-o", str(SBOM)]
    subprocess.run([sys.executable, "-m", *command], check=True)
    whole = with_assets(json.loads(SBOM.read_text(encoding="utf-8")), third_party.shipped())
    SBOM.write_text(json.dumps(whole, indent=2, ensure_ascii=False), encoding="utf-8")


def with_assets(sbom: dict, shipped: dict[str, dict]) -> dict:
    """The SBOM with one component more for each package of npm; `shipped` as package-lock.json describes them."""
    added = [_component(name, about) for name, about in shipped.items()]
    known = [{"ref": each["bom-ref"]} for each in added]
    return {
        **sbom,
        "components": [*sbom.get("components", []), *added],
        "dependencies": [*sbom.get("dependencies", []), *known],
    }


def _component(name, about) -> dict:
    kind, _, digest = about["integrity"].partition("-")
    address = f"pkg:npm/{quote(name)}@{about['version']}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": about["version"],
        "purl": address,
        "licenses": [{"expression": about["license"]}],
        "hashes": [{"alg": kind.upper().replace("SHA", "SHA-"), "content": base64.b64decode(digest).hex()}],
    }


def findings(report: dict) -> tuple[list[str], list[str]]:
    """A report of pip-audit: one German line for each vulnerability, and the names of what nobody could look up."""
    known, unknown = [], []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            unknown.append(package["name"])
        for hole in package.get("vulns", []):
            mended = ", ".join(hole["fix_versions"]) or "noch keiner Version"
            known.append(f"{package['name']} {package['version']}: {hole['id']}, behoben in {mended}.")
    return known, unknown


def main() -> int:
    write_sbom()
    print(f"Stückliste: {SBOM.relative_to(ROOT)}")
    command = ["pip_audit", "--disable-pip", "--no-deps", "--format", "json", "-r", str(REQUIREMENTS)]
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    if not done.stdout:
        print(f"Nicht geprüft: Das Verzeichnis der Schwachstellen antwortet nicht.\n{done.stderr[-500:]}")
        return 1
    known, unknown = findings(json.loads(done.stdout))
    print(*known, sep="\n")
    if unknown:
        print(f"Nicht geprüft, weil das Verzeichnis der Schwachstellen nicht antwortet: {', '.join(unknown)}.")
    if not known and not unknown:
        print("Keine bekannte Schwachstelle.")
    return 1 if known or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
