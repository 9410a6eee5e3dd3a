"""Compares the fields of docs/rootapp.schema.json with the tables of generator/read_policy.c: names, and which are required."""
import json, os, re, sys

top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
source = open(os.path.join(top, "generator/read_policy.c")).read()
schema = json.load(open(os.path.join(top, "docs/rootapp.schema.json")))
definitions = dict(schema["definitions"], RootApp=schema)
manual = open(os.path.join(top, "docs/rootapp.md")).read()
tables = {
    "source": "source", "rule": "discover", "destination": "destination", "environment": "environment", "team": "team",
    "cluster_resource": "clusterResource", "naming": "names", "project": "projects", "application": "application", "spec": "spec", "metadata": "metadata",
    "policy": "RootApp",
}
faults = []
for table, definition in tables.items():
    body = re.search(r"struct field %s_fields\[\] = \{\n(.*?)FIELD_END" % table, source, re.S).group(1)
    read = set(re.findall(r'"(\w+)"', body))
    required = set(re.findall(r'\{"(\w+)", FIELD_IS_[^}]*FIELD_REQUIRED\}', body))
    known = definitions[definition]
    if read != set(known["properties"]):
        faults.append(f"{definition}: the schema and the program differ in {sorted(read ^ set(known['properties']))}")
    if required != set(known.get("required", [])):
        faults.append(f"{definition}: required here or there alone: {sorted(required ^ set(known.get('required', [])))}")
    faults += [f"{definition}: {name} is not in docs/rootapp.md" for name in sorted(read) if name not in manual]
beside = set(definitions["discover"]["properties"]) - set(definitions["entryEnvironment"]["properties"])
if beside != {"path", "envs", "exclude"}:
    faults.append(f"entryEnvironment: an item of envs has all that an entry has, but for {sorted(beside)}")
print("\n".join(faults), end="\n" if faults else "")
sys.exit(bool(faults))
