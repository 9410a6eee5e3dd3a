// Random patches in argo/root, many of them wrong: what Argo CD refuses, rootapp has to refuse; where rootapp is stricter, there is
// a documented reason.
package argocd

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// stricter are the reasons why rootapp refuses what Argo CD accepts, by the message that says so. docs/rootapp.md tells each
// ("What is stricter than Argo CD").
var stricter = map[string]string{
	`the source of an environment's root cannot be changed`:                   "a root acts with the root project's rights",
	`the destination of an environment's root cannot be changed`:              "a root acts with the root project's rights",
	`a root has no manifest-generate-paths`:                                   "Argo CD would not see a directory that moves away",
	`only the roots of environments may be in project`:                        "the root project's rights are for roots alone",
	`this name belongs to a root`:                                             "the root project's rights are for roots alone",
	`its project is '.*' by the policy`:                                       "projects come from the policy alone",
	`project '.*' is none of the policy's`:                                    "projects come from the policy alone",
	`the policy has no such project`:                                          "projects come from the policy alone",
	`this project is not the root set's to change`:                            "projects come from the policy alone",
	`the labels? rootapp\.dev/\S+ .*(cannot be changed|names no environment)`: "without them an Application belongs to no call, and would be pruned",
	`it permits the namespace 'argocd'`:                                       "who deploys to Argo CD's namespace is its admin",
	`namespace '.*' is reserved`:                                              "an app in a system's namespace is no tenant",
	`'.*' is no namespace`:                                                    "an Application without a namespace applies wherever its resources say",
	`the path '.*' leads out of the repository`:                               "Argo CD says so only when it renders",
	`sourceHydrator is not supported`:                                         "it writes to the repository",
	`at most 63 characters`:                                                   "names become values of labels",
	`namespace '.*': it has to be Argo CD's own`:                              "nobody else reads Applications of other namespaces",
	`two resources have this name`:                                            "Argo CD would keep the last one",
	`the time zone in front of it is none`:                                    "Argo CD's parser panics without a schedule behind a time zone, and takes an unknown one for UTC",
	`'.*' is no time zone`:                                                    "Argo CD takes an unknown time zone for UTC",
	`it needs either source or a list of sources`:                             "Argo CD ignores source where there are sources, so one of both is a mistake",
	`it cannot be set here: apiVersion`:                                       "status and operation are Argo CD's to write",
	`the patches leave none of`:                                               "everything would be pruned",
	`group '.*' begins or ends with a space`:                                  "Argo CD refuses it too, unless it is a single character",
}

func reasonFor(message string) string {
	for pattern, reason := range stricter {
		if regexp.MustCompile(pattern).MatchString(message) {
			return reason
		}
	}
	return ""
}

// richPolicy makes resources that have most fields, so that patches reach them.
func richPolicy() object {
	return object{
		"source":   object{"repoURL": "https://github.com/example/gitops.git", "targetRevision": "main"},
		"discover": []object{{"path": "apps/{app}/k8s/overlays/{env}"}},
		"environments": []object{
			{"name": "dev", "destination": object{"name": "in-cluster"}},
			{"name": "prod", "destination": object{"server": "https://prod.example"}, "deletion": "confirm", "syncWindows": []object{
				{"kind": "deny", "schedule": "0 22 * * *", "duration": "8h", "manualSync": true, "timeZone": "Europe/Berlin"}}},
		},
		"teams": []object{
			{"name": "payments", "apps": []string{"checkout"}, "groups": []string{"example:payments"},
				"clusterResources": []object{{"kind": "PriorityClass", "group": "scheduling.k8s.io"}}},
			{"name": "default", "apps": []string{"*"}},
		},
		"breakGlass": true,
		"application": object{"template": object{"metadata": object{"annotations": object{"example.com/note": "x"}}, "spec": object{
			"info":              []object{{"name": "runbook", "value": "https://example.com"}},
			"ignoreDifferences": []object{{"group": "apps", "kind": "Deployment", "jsonPointers": []string{"/spec/replicas"}}}}}},
		"projects": object{"template": object{"spec": object{
			"orphanedResources":          object{"warn": true},
			"destinationServiceAccounts": []object{{"server": inCluster, "namespace": "x-*", "defaultServiceAccount": "deployer"}}}}},
	}
}

// change is one value of one resource set to another.
type change struct {
	kind, name string
	path       []any // strings and, for lists, numbers; -1 appends
	value      any
}

func (c change) pointer() string {
	var out strings.Builder
	for _, step := range c.path {
		out.WriteByte('/')
		if step == -1 {
			out.WriteByte('-')
			continue
		}
		out.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(fmt.Sprint(step)))
	}
	return out.String()
}

// patch is the change as a patch of a kustomization.
func (c change) patch(t testing.TB) string {
	t.Helper()
	operation := "add"
	if _, inList := c.path[len(c.path)-1].(int); inList && c.path[len(c.path)-1] != -1 {
		operation = "replace"
	}
	operations, err := yaml.Marshal([]object{{"op": operation, "path": c.pointer(), "value": c.value}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := yaml.Marshal([]object{{"target": object{"kind": c.kind, "name": "^" + regexp.QuoteMeta(c.name) + "$"}, "patch": string(operations)}})
	if err != nil {
		t.Fatal(err)
	}
	return "patches:\n" + string(text)
}

// apply makes the change in a copy of the resources.
func (c change) apply(all []*unstructured.Unstructured) []*unstructured.Unstructured {
	out := slices.Clone(all)
	for i, resource := range out {
		if resource.GetKind() == c.kind && resource.GetName() == c.name {
			changed := resource.DeepCopy()
			set(changed.Object, c.path, c.value)
			out[i] = changed
		}
	}
	return out
}

func set(at any, path []any, value any) any {
	if len(path) == 0 {
		return plain(value)
	}
	switch node := at.(type) {
	case map[string]any:
		node[path[0].(string)] = set(node[path[0].(string)], path[1:], value)
		return node
	case []any:
		if path[0] == -1 {
			return append(node, plain(value))
		}
		node[path[0].(int)] = set(node[path[0].(int)], path[1:], value)
		return node
	}
	panic("a path through a scalar")
}

// plain gives a value the types that decoding JSON would give it.
func plain(value any) any {
	text, err := yaml.Marshal(object{"value": value})
	if err != nil {
		panic(err)
	}
	resource := &unstructured.Unstructured{}
	data, err := yaml.YAMLToJSON(append(text, "apiVersion: v1\nkind: X\n"...))
	if err == nil {
		err = resource.UnmarshalJSON(data)
	}
	if err != nil {
		panic(err)
	}
	return resource.Object["value"]
}

// texts are values for the fields of these names: right ones and wrong ones.
var texts = map[string][]string{
	"kind":                  {"allow", "deny", "Allow", "", "ConfigMap"},
	"schedule":              {"0 22 * * *", "@daily", "0 22 * *", "61 * * * *", "TZ=Nowhere/X 0 1 * * *", "TZ=UTC", "* * * * 7", "5-3 * * * *", "*/0 * * * *", "a * * * *", "1,,2 * * * *"},
	"duration":              {"1h", "1", "1d", "", "1h30", "-1h", "0", ".h", "9999999999h", "5", "10s"},
	"maxDuration":           {"3m", "1", "1d", "x", "180"},
	"timeZone":              {"Europe/Berlin", "Nowhere", "", "UTC", "../etc", "Europe", "Asia/"},
	"server":                {inCluster, "*", "!*", "https://prod.example/", "https://*", "!https://prod.example", "[", "https://{a,b}", ""},
	"namespace":             {"checkout-dev", "*", "!*", "argocd", "!argocd", "Upper", "", "kube-system", "a.b", "[a", "checkout-prod", "default"},
	"name":                  {"team", "role one", "-x", "a_b", "in-cluster", "!*", "*", "x", "", "Ünï", "two\nlines"},
	"sourceRepos":           {"https://github.com/example/gitops.git", "https://GITHUB.com/example/gitops", "!*", "*", "!https://github.com/Example/**", "https://[", "!https://github.com/example/gitops"},
	"sourceNamespaces":      {"a", "*", "/x/"},
	"groups":                {"example:payments", "a,b", `"a,b"`, " x", "x ", "", `a"b`, "tab\tin", `"`, `""`, " ", "x"},
	"policies":              {"p, proj:payments-prod:team, applications, get, payments-prod/*, allow", "p, proj:payments-prod:team, applications, get, default/*, allow", "p,proj:payments-prod:team,applications,get,payments-prod/*,deny", "g, a, b", "", "p, proj:payments-prod:team, projects, get, payments-prod/*, allow", "p, proj:payments-prod:team, applications, fly, payments-prod/*, allow", "p, proj:payments-prod:team, applications, get, payments-prod/*, maybe", "p, proj:payments-prod:team, logs, get, payments-prod/ns/x, allow", "p, proj:payments-prod:team, applications, get, payments-prod, allow", "p, proj:payments-prod:team, exec, my-action/x, payments-prod/a b, allow"},
	"defaultServiceAccount": {"deployer", "", " ", "a/b", "a:b", "!x", "*"},
	"repoURL":               {"https://github.com/example/gitops.git", "https://github.com/example/gitops", "https://GitHub.com/example/gitops.git", "https://github.com/other/x.git", "", " https://github.com/example/gitops.git"},
	"path":                  {"apps/checkout/k8s/overlays/dev", "/etc", "../x", "a/../../b", "", "."},
	"chart":                 {"redis", ""},
	"project":               {"payments-dev", "payments-prod", "default", "default-dev", "argocd-root", ""},
	"syncOptions":           {"CreateNamespace=true", "Prune=false", "", "x"},
	"description":           {"short", strings.Repeat("x", 256), strings.Repeat("ü", 200), strings.Repeat("ü", 256), ""},
	"targetRevision":        {"main", "", "v1.*"},
	"labels":                {"x", "", "a b", strings.Repeat("l", 64), "payments"},
	"annotations":           {"x", "", "a b", "1"},
	"finalizers":            {"resources-finalizer.argocd.argoproj.io", "x/y", "no finalizer", ""},
	"mode":                  {"none", "head", "x"},
}

func (c chance) textFor(name string) string {
	if known := texts[name]; known != nil && !c.one(12) {
		return pick(c, known...)
	}
	return pick(c, "x", "", "true", "1", "a b", "*", "!*", "{x}", "é")
}

// metadataSchema stands for the part of metadata that patches change; the definitions have no schema of it.
func metadataSchema() schema.Structural {
	text := schema.Structural{Generic: schema.Generic{Type: "string"}}
	pairs := schema.Structural{Generic: schema.Generic{Type: "object"}, AdditionalProperties: &schema.StructuralOrBool{Structural: &text}}
	return schema.Structural{Generic: schema.Generic{Type: "object"}, Properties: map[string]schema.Structural{
		"labels": pairs, "annotations": pairs, "namespace": text, "name": text,
		"finalizers": {Generic: schema.Generic{Type: "array"}, Items: &text}}}
}

var labelKeys = []string{"example.com/x", "x", labelApp, labelEnvironment, "rootapp.dev/team", "a b", "/x", "argocd.argoproj.io/sync-wave",
	"argocd.argoproj.io/manifest-generate-paths", "example.com/note", "a/b/c"}

// value makes one for a place in the schema, now and then of a wrong type.
func (c chance) value(place *schema.Structural, name string) any {
	if c.one(10) {
		return pick(c, any("text"), any(1), any(true), any([]any{}), any(object{}), any(nil), any(1.5), any([]any{"x"}), any(object{"x": 1}))
	}
	if place.XIntOrString {
		return pick(c, any(1), any("1"), any("x"))
	}
	switch place.Type {
	case "boolean":
		return c.one(2)
	case "integer":
		return pick(c, any(1), any(0), any(-1), any("3"), any(1<<40))
	case "string":
		return c.textFor(name)
	case "array":
		list := []any{}
		for range c.IntN(3) {
			list = append(list, c.value(place.Items, name))
		}
		return list
	}
	return c.object(place, name)
}

func (c chance) object(place *schema.Structural, name string) any {
	out := object{}
	if place.AdditionalProperties != nil && place.AdditionalProperties.Structural != nil {
		for range 1 + c.IntN(2) {
			out[pick(c, labelKeys...)] = c.value(place.AdditionalProperties.Structural, name)
		}
		return out
	}
	names := slices.Sorted(maps.Keys(place.Properties))
	required := []string(nil)
	if place.ValueValidation != nil {
		required = place.ValueValidation.Required
	}
	for _, field := range names {
		property := place.Properties[field]
		if (slices.Contains(required, field) && !c.one(15)) || c.one(2+len(names)/4) {
			out[field] = c.value(&property, field)
		}
	}
	if c.one(15) {
		out[pick(c, "unknown", "nmae", "serverr")] = "x"
	}
	return out
}

// change picks a place of a resource and a value for it.
func (c chance) change(resource *unstructured.Unstructured, one definition) change {
	out := change{kind: resource.GetKind(), name: resource.GetName()}
	field := pick(c, "spec", "spec", "spec", "spec", "metadata")
	place := one.structural.Properties[field]
	if field == "metadata" {
		place = metadataSchema()
	}
	out.path = []any{field}
	at, name := resource.Object[field], field
	for {
		switch node := at.(type) {
		case map[string]any:
			next, found := "", false
			if place.AdditionalProperties != nil && place.AdditionalProperties.Structural != nil {
				next, place, found = pick(c, append(labelKeys, slices.Sorted(maps.Keys(node))...)...), *place.AdditionalProperties.Structural, true
			} else if names := slices.Sorted(maps.Keys(place.Properties)); len(names) > 0 && !c.one(12) {
				next = pick(c, append(names, slices.Sorted(maps.Keys(node))...)...)
				place, found = place.Properties[next], true
			}
			if !found {
				out.path = append(out.path, pick(c, "unknown", "Project", "syncpolicy"))
				out.value = "x"
				return out
			}
			out.path, at = append(out.path, next), node[next]
			if place.AdditionalProperties == nil {
				name = next
			}
			if place.Type == "object" && (at == nil || c.one(4)) || at == nil {
				out.value = c.value(&place, name)
				return out
			}
			if place.Type == "object" && place.Properties == nil {
				name = next
			}
		case []any:
			if len(node) == 0 || place.Items == nil || c.one(3) {
				if place.Items == nil {
					out.value = c.textFor(name)
					return out
				}
				out.path, out.value = append(out.path, -1), c.value(place.Items, name)
				return out
			}
			index := c.IntN(len(node))
			out.path, at, place = append(out.path, index), node[index], *place.Items
		default:
			out.value = c.value(&place, name)
			return out
		}
	}
}

// richRepository is a repository of two apps for the rich policy.
func richRepository(t testing.TB) (string, object) {
	t.Helper()
	spec := richPolicy()
	tree := files{}
	tree.writePolicy(t, spec)
	for _, app := range []string{"checkout", "web"} {
		for _, environment := range environmentsOf(spec) {
			tree["apps/"+app+"/k8s/overlays/"+environment+"/kustomization.yaml"] = "resources: []\n"
		}
	}
	repository := t.TempDir()
	tree.write(t, repository)
	return repository, spec
}

// TestRandomPatches changes one value of a root set at a time.
func TestRandomPatches(t *testing.T) {
	repository, spec := richRepository(t)
	set := generateAll(t, repository, spec)
	if set.root.err != nil {
		t.Fatal(set.root.message)
	}
	all := set.all()
	if complaints := judge(t, all, true).complaints; len(complaints) > 0 {
		t.Fatal(complaints)
	}
	known, err := definitions()
	if err != nil {
		t.Fatal(err)
	}
	both, neither, reasons := 0, 0, map[string]int{}
	for seed := *firstSeed; seed < *firstSeed+uint64(*patches); seed++ {
		c := newChance(seed)
		resource := pick(c, all...)
		changed := c.change(resource, known[resource.GetKind()])
		patch := kustomization(changed.patch(t))
		if err := os.WriteFile(repository+"/argo/root/kustomization.yaml", []byte(patch), 0o644); err != nil {
			t.Fatal(err)
		}
		ours := generate(t, repository, "")
		theirs := judge(t, changed.apply(all), false).refusals()
		switch {
		case ours.err == nil && len(theirs) == 0:
			both++
		case ours.err != nil && len(theirs) > 0:
			neither++
		case ours.err == nil:
			// What kustomize made of the patch may be right all the same: it writes numbers in annotations as texts.
			if theirs = judge(t, generateAll(t, repository, spec).all(), false).refusals(); len(theirs) == 0 {
				both++
				continue
			}
			t.Errorf("seed %d: accepted, and refused by Argo CD: %v\n%s", seed, theirs, patch)
		default:
			reason := reasonFor(ours.message)
			reasons[reason]++
			if reason == "" {
				t.Errorf("seed %d: refused without a documented reason: %s\n%s", seed, ours.message, patch)
			}
		}
	}
	t.Logf("of %d patches %d are accepted by both, %d refused by both", *patches, both, neither)
	for reason, count := range reasons {
		t.Logf("%d refused by rootapp alone: %s", count, reason)
	}
	if both < *patches/10 || neither < *patches/10 {
		t.Errorf("too few patches of one kind: the family tests too little")
	}
}

// refusals are the complaints that keep something from working; a value that Argo CD writes in another way is none.
func (j *judgement) refusals() []string {
	return slices.DeleteFunc(slices.Clone(j.complaints), func(complaint string) bool { return strings.Contains(complaint, ": unstable: ") })
}

// template is the change as a template: lists on the way hold the value alone.
func (c change) template() any {
	value := c.value
	for _, step := range slices.Backward(c.path) {
		if name, isName := step.(string); isName {
			value = object{name: value}
		} else {
			value = []any{value}
		}
	}
	return value
}

// disturb sets one field of the policy that becomes a part of a resource.
func (c chance) disturb(spec object) {
	environment, team := spec["environments"].([]object)[1], spec["teams"].([]object)[0]
	window := environment["syncWindows"].([]object)[0]
	field := pick(c, "window", "window", "groups", "permissions", "description", "source", "revision", "cluster", "clusterResources", "namespace", "names")
	switch field {
	case "window":
		name := pick(c, "kind", "schedule", "duration", "timeZone", "description", "applications", "manualSync", "unknown")
		window[name] = pick(c, any(c.textFor(name)), any(c.textFor(name)), any([]string{c.textFor(name)}), any(true), any(7))
	case "groups":
		team["groups"] = []string{c.textFor("groups"), c.textFor("groups")}
	case "permissions":
		team["permissions"] = []string{pick(c, permissions...), pick(c, "applications", "applications, fly", "projects, get", "logs, get, x", " applications , get ", "", "applications,  sync", "*, get", "applications, get\nx", "applications, action/a,b")}
	case "description":
		team["description"] = c.textFor("description")
	case "source":
		spec["source"].(object)["repoURL"] = pick(c, append(urls, texts["repoURL"]...)...)
	case "revision":
		environment["targetRevision"] = pick(c, append(revisions, "", "-x", "a\nb", " ")...)
	case "cluster":
		environment["destination"] = object{pick(c, "server", "name"): pick(c, append(texts["server"], "in-cluster", "a b", "prod/", "/", "*x")...)}
	case "clusterResources":
		team["clusterResources"] = []object{{"kind": pick(c, "Node", "", "*", "Namespace", "x y"), "group": pick(c, "", "*", "apps", "a b"), "name": pick(c, "x", "", "[", "*")}}
	case "namespace":
		environment["destination"].(object)["namespace"] = pick(c, "{app}", "x-{app}", "{app}-{team}", "Upper-{app}", "{app}.x", "{app}-", "{env}", "argocd", "{app}{team}")
	case "names":
		spec[pick(c, "projects", "roots", "application")] = object{"name": pick(c, "{team}-{env}", "{app}-{env}", "{env}", "x.{team}.{env}", "Root-{env}", "{app}", "default", "{env}-")}
	}
}

// TestRandomTemplates sets one field of the policy or of a template at a time: what is accepted is valid for Argo CD.
func TestRandomTemplates(t *testing.T) {
	repository, spec := richRepository(t)
	known, err := definitions()
	if err != nil {
		t.Fatal(err)
	}
	all := generateAll(t, repository, spec).all()
	accepted := 0
	for seed := *firstSeed; seed < *firstSeed+uint64(*patches); seed++ {
		c := newChance(seed)
		spec := richPolicy()
		if c.one(2) {
			c.disturb(spec)
		} else {
			resource := pick(c, all...)
			named := "projects"
			if resource.GetKind() == "Application" {
				named = "application"
				if resource.GetLabels()[labelApp] == "" {
					named = "roots"
				}
			}
			spec[named] = object{"template": c.change(resource, known[resource.GetKind()]).template()}
		}
		tree := files{}
		tree.writePolicy(t, spec)
		tree.write(t, repository)
		set := generateAll(t, repository, spec)
		if set.root.err != nil {
			continue
		}
		accepted++
		for _, complaint := range judge(t, set.all(), false).refusals() {
			t.Errorf("seed %d: accepted, and refused by Argo CD: %s\n%s", seed, complaint, tree["argo/root/rootapp.yaml"])
		}
	}
	t.Logf("%d of %d changes of a policy accepted", accepted, *patches)
	if accepted < *patches/10 || accepted > *patches*9/10 {
		t.Errorf("%d of %d accepted: the family tests too little", accepted, *patches)
	}
}
