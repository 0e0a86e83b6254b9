#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes DIR/stile_VERSION.spdx.json, an SPDX 2.3 bill of materials of the packages in DIR: what they are, what they
are linked with and need at run time, and all that was installed where they were built (their .buildinfo).

Usage: sbom.py DIR, on the machine and from the source of the build."""
import hashlib
import json
import pathlib
import re
import subprocess
import sys
from datetime import datetime, timezone
from urllib.parse import quote

top = pathlib.Path(__file__).resolve().parent.parent


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def field(package, name):
    return run("dpkg-deb", "-f", str(package), name).strip()


def spdx_id(kind, name):
    return f"SPDXRef-{kind}-" + re.sub(r"[^A-Za-z0-9.-]", lambda found: f"-{ord(found[0]):x}-", name)


def entry(kind, name, version, purl, **more):
    return {"SPDXID": spdx_id(kind, name), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION",
            "copyrightText": "NOASSERTION", **more,
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]}


def ours(package):
    name, version, machine = (field(package, key) for key in ("Package", "Version", "Architecture"))
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    return entry("Stile", name, version, f"pkg:deb/stile/{name}@{quote(version)}?arch={machine}",
                 packageFileName=package.name, licenseDeclared="Apache-2.0",
                 supplier="Organization: stile maintainers",
                 checksums=[{"algorithm": "SHA256", "checksumValue": digest}])


def installed():
    """The packages of this machine: name -> (version, architecture, source, version of the source)."""
    shown = run("dpkg-query", "-W", "-f",
                "${db:Status-Abbrev}\t${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n")
    rows = (line.split("\t") for line in shown.splitlines())
    return {row[1]: tuple(row[2:]) for row in rows if row[0].startswith("ii")}


def debian(name, known):
    if known is None:  # needed at run time, but not to build: any version
        it = entry("Debian", name, "", f"pkg:deb/debian/{quote(name)}", supplier="Organization: Debian")
        del it["versionInfo"]
        return it
    version, machine, source, source_version = known
    return entry("Debian", name, version, f"pkg:deb/debian/{quote(name)}@{quote(version)}?arch={machine}&distro=bookworm",
                 supplier="Organization: Debian", sourceInfo=f"built from the source package {source} {source_version}")


def built_with(buildinfo):
    listed = re.search(r"^Installed-Build-Depends:\n((?: .*\n?)+)", buildinfo.read_text(), re.M)[1]
    return re.findall(r"^ ([a-z0-9][a-z0-9+.-]+)(?::\w+)? \(=", listed, re.M)


def npm_modules():
    locked = json.loads((top / "sync/dashboard/package-lock.json").read_text())["packages"]
    for path, module in sorted(locked.items()):
        if path:
            name = module.get("name", path.rpartition("node_modules/")[2])
            kind = "BUILD_TOOL_OF" if module.get("dev") else "BUILD_DEPENDENCY_OF"
            yield entry("Npm", f"{name}@{module['version']}", module["version"],
                        f"pkg:npm/{quote(name)}@{module['version']}"), kind


def document(folder):
    packages, relations, known = {}, [], installed()

    def add(package):
        packages.setdefault(package["SPDXID"], package)
        return package["SPDXID"]

    def relate(one, kind, other):
        relations.append({"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other})

    files = {file: add(ours(file)) for file in sorted(folder.glob("stile*.deb"))}
    names = {packages[it]["name"] for it in files.values()}
    for file, it in files.items():
        relate("SPDXRef-DOCUMENT", "DESCRIBES", it)
        for name in re.findall(r"(?:^|, )([a-z0-9][a-z0-9+.-]+)", field(file, "Depends")):
            if name in names:
                relate(it, "DEPENDS_ON", spdx_id("Stile", name))
            else:
                relate(it, "DEPENDS_ON", add(debian(name, known.get(name))))
    compiled = [it for file, it in files.items() if not file.name.endswith("_all.deb")]
    for name in built_with(next(folder.glob("stile_*.buildinfo"))):
        tool = add(debian(name, known[name]))
        for it in compiled:
            relate(tool, "BUILD_DEPENDENCY_OF", it)
    if spdx_id("Stile", "stile-dashboard") in packages:
        for module, kind in npm_modules():
            relate(add(module), kind, spdx_id("Stile", "stile-dashboard"))
    return {"packages": [packages[key] for key in sorted(packages)], "relationships": relations}


def main():
    folder = pathlib.Path(sys.argv[1])
    changelog = str(top / "debian/changelog")
    version = run("dpkg-parsechangelog", "-l", changelog, "-S", "Version").strip()
    seconds = int(run("dpkg-parsechangelog", "-l", changelog, "-S", "Timestamp"))
    body = document(folder)
    unique = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    head = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"stile {version}",
            "documentNamespace": f"https://stile.example/spdx/{version}/{unique}",
            "creationInfo": {"created": datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                             "creators": ["Tool: stile-sbom", "Organization: stile maintainers"]}}
    (folder / f"stile_{version}.spdx.json").write_text(json.dumps({**head, **body}, indent=1) + "\n")


main()
