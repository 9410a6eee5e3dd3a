"""Rules for dashboards, without a Grafana: what makes a panel stay empty, or nobody understand it."""
import re


def queries(dashboard):
    """Title and query of each target and each variable, with the variables filled in."""
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], re.sub(r"\$(namespace|service)\b", ".+", target["expr"])
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            query = re.sub(r"\$(namespace|service)\b", ".+", variable["query"]["query"])
            yield "$" + variable["name"], re.fullmatch(r"label_values\((.*), \w+\)", query)[1]


def faults(dashboard, uids):
    """What is wrong with a dashboard. uids: of the data sources that are provisioned."""
    found = [f"no {field}" for field in ("uid", "title", "description", "tags", "panels") if not dashboard.get(field)]
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    if variables.get("datasource", {}).get("current", {}).get("value") not in uids:
        found.append("the variable datasource begins with none that is provisioned")
    if dashboard.get("editable"):
        found.append("it can be edited, and what is edited is lost")
    numbers = [panel["id"] for panel in dashboard["panels"]]
    if len(numbers) != len(set(numbers)):
        found.append("two panels have the same id")
    for panel in dashboard["panels"]:
        found += [f"panel '{panel.get('title')}': {fault}" for fault in panel_faults(panel, variables)]
    return found + overlaps(dashboard["panels"])


def panel_faults(panel, variables):
    for field in ("title", "description"):
        if not panel.get(field):
            yield f"no {field}"
    if not panel["fieldConfig"]["defaults"].get("unit"):
        yield "no unit"
    if panel["type"] not in ("timeseries", "stat"):
        yield f"type {panel['type']}"
    for target in [panel, *panel["targets"]]:
        if target["datasource"] != {"type": "prometheus", "uid": "${datasource}"}:
            yield "a data source that is not the variable"
    letters = [target["refId"] for target in panel["targets"]]
    if not letters or len(letters) != len(set(letters)):
        yield "no target, or two with one refId"
    for target in panel["targets"]:
        yield from query_faults(target["expr"], variables)
        if not target.get("legendFormat"):
            yield "no legend"


def query_faults(query, variables):
    for selector in re.findall(r"\{([^{}]*)\}", query) or [""]:
        if 'namespace=~"$namespace"' not in selector:
            yield f"no matcher of the namespace: {query}"
    for window in re.findall(r"\brate\([^\[]*\[([^\]]*)\]", query):
        if window != "$__rate_interval":
            yield f"a rate over {window}"
    for name in re.findall(r"\$(\w+)", query):
        if name not in variables and name != "__rate_interval":
            yield f"no variable {name}"


def overlaps(panels):
    taken, found = {}, []
    for panel in panels:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                if (x, y) in taken or x >= 24:
                    found.append(f"panel '{panel['title']}' lies over another, or outside")
                taken[x, y] = panel
    return sorted(set(found))
