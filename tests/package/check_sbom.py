#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Says what is wrong in the bill of materials of the packages in a folder. Usage: check_sbom.py DIR"""
import hashlib
import json
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])
(path,) = folder.glob("stile_*.spdx.json")
sbom = json.loads(path.read_text())
wrong = []


def hold(truth, what):
    if not truth:
        wrong.append(what)


for key in ("spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo"):
    hold(sbom.get(key), f"the document has no {key}")
hold(sbom.get("spdxVersion") == "SPDX-2.3" and sbom.get("dataLicense") == "CC0-1.0", "not SPDX 2.3")
hold(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sbom["creationInfo"]["created"]), "created is no time")
ids = [package["SPDXID"] for package in sbom["packages"]]
hold(len(set(ids)) == len(ids), "two packages have one id")
for package in sbom["packages"]:
    hold(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package["SPDXID"]), f"a malformed id: {package['SPDXID']}")
    for key in ("name", "downloadLocation", "licenseConcluded", "externalRefs"):
        hold(package.get(key), f"{package['SPDXID']} has no {key}")
    hold(package["filesAnalyzed"] is False, f"{package['SPDXID']} promises files")
for relation in sbom["relationships"]:
    for end in ("spdxElementId", "relatedSpdxElement"):
        hold(relation[end] in {"SPDXRef-DOCUMENT", *ids}, f"{relation[end]} is related, but not described")

described = {relation["relatedSpdxElement"] for relation in sbom["relationships"] if relation["relationshipType"] == "DESCRIBES"}
hashes = {package["packageFileName"]: package["checksums"][0]["checksumValue"]
          for package in sbom["packages"] if package["SPDXID"] in described}
for file in folder.glob("stile*.deb"):
    hold(hashes.pop(file.name, None) == hashlib.sha256(file.read_bytes()).hexdigest(), f"{file.name} is another file")
hold(not hashes, f"not in the folder: {sorted(hashes)}")
names = {package["name"] for package in sbom["packages"]}
for name in ("libsodium23", "libstdc++6", "libopencv-core406", "g++-12", "nlohmann-json3-dev"):
    hold(name in names, f"{name} is missing")

print("\n".join(f"FAILED: {path.name}: {line}" for line in wrong) or f"ok: {path.name} describes {len(ids)} packages")
sys.exit(1 if wrong else 0)
