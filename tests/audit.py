"""`make audit`: an SBOM of what ships, and whether a published vulnerability concerns it.

pip-audit ends with success even where it could look up nothing; here that counts as not checked.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
SBOM = ROOT / "var" / "sbom.json"


def write_sbom() -> None:
    """CycloneDX, from the pinned packages with their hashes."""
    SBOM.parent.mkdir(exist_ok=True)
    command = ["cyclonedx_py", "requirements", str(REQUIREMENTS), "--of", "JSON", "-o", str(SBOM)]
    subprocess.run([sys.executable, "-m", *command], check=True)


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
