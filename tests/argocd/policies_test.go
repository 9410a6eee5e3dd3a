// Random policies (RootApp resources) and the trees they are for.
package argocd

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

type object = map[string]any

// chance makes choices that follow from a seed.
type chance struct{ *rand.Rand }

func newChance(seed uint64) chance { return chance{rand.New(rand.NewPCG(seed, 20))} }

// one says yes once in so many times.
func (c chance) one(in int) bool { return c.IntN(in) == 0 }

func pick[T any](c chance, from ...T) T { return from[c.IntN(len(from))] }

// some picks between least and most different items, in the order they have.
func some[T any](c chance, least, most int, from ...T) []T {
	count := least + c.IntN(most-least+1)
	chosen := map[int]bool{}
	for _, i := range c.Perm(len(from))[:min(count, len(from))] {
		chosen[i] = true
	}
	var out []T
	for i := range from {
		if chosen[i] {
			out = append(out, from[i])
		}
	}
	return out
}

// maybe sets a field now and then.
func (c chance) maybe(in int, to object, field string, value any) {
	if c.one(in) {
		to[field] = value
	}
}

var (
	appNames = []string{"web", "checkout", "ledger-api", "ledger-batch", "a", "shop-eu", "shop", "x1", "42",
		"a-name-of-fifty-characters-which-is-rather-long-ok", "front-end"}
	// Names that no target may have, and one that is at the limit.
	oddNames = []string{"Upper", "under_score", "-dash", "dash-", "root", "argocd", "default", "kube-system", "a.b",
		"a-name-that-is-a-good-deal-longer-than-the-sixty-three-characters-of-a-label", strings.Repeat("y", 63)}
	environmentNames = []string{"dev", "staging", "prod", "eu-1", "us-1", "qa"}
	teamNames        = []string{"payments", "shop", "core", "sre", "t"}
	groupNames       = []string{"example:payments", "payments@example.com", `"CN=ops,OU=it,DC=example"`, "Ops Team",
		"öps", "a/b", "*", "0b5c3a1e-5f2d-4b6e-9a1b-1f2e3d4c5b6a", "g'1", "role:readonly", "#1"}
	permissions = []string{"applications, get", "applications, sync", "applications, override", "applications, delete", "applications, *",
		"applications, action/*", "applications,update/*", "applicationsets, get", "logs, get", "exec, create", "repositories, get",
		"clusters, get", "applications, action/apps/Deployment/restart", "applications, rollback"}
	urls = []string{"https://github.com/example/gitops.git", "https://GitHub.com/Example/GitOps", "git@github.com:example/gitops.git",
		"ssh://git@git.example.com:2222/gitops.git", "https://git.example.com/a%20b/gitops", "file:///srv/gitops",
		"https://user@dev.azure.com/org/project/_git/gitops", "https://git.example.com/gitops?x=1"}
	revisions = []string{"main", "HEAD", "v1.*", "release/1.2", "0123456789abcdef0123456789abcdef01234567", "refs/heads/main", ">=1.0 <2.0", "~1.2"}
	schedules = []string{"0 22 * * *", "*/15 9-17 * * 1-5", "0 0 1 jan,jul *", "30 4 1,15 * sun", "? ? * * *", "TZ=Europe/Berlin 0 22 * * *",
		"CRON_TZ=UTC 0 1 * * *", "59 23 31 12 6", "0-10/2 * * * MON-FRI", "1/7 * * * *"}
	durations = []string{"1h", "30m", "1h30m", "8h", "90s", "1.5h", "0", "100ms", "+2h", ".5h", "-1h"}
)

// randomPolicy is a RootApp's spec. Most of them are accepted.
func (c chance) policy() object {
	names := some(c, 1, 4, environmentNames...)
	perCluster := c.one(4)
	application := object{}
	c.maybe(3, application, "renderer", pick(c, "plugin", "kustomize", "auto"))
	name := pick(c, "{app}-{env}", "{app}-{env}", "{env}.{app}", "{env}-{app}", "{team}.{app}.{env}")
	namespace := pick(c, "{app}-{env}", "{app}-{env}", "{env}-{app}", "ns-{app}-{env}", "{team}-{env}", "{app}")
	if perCluster {
		name, namespace = name+pick(c, "-{cluster}", ".{cluster}"), pick(c, namespace, namespace+"-{cluster}")
	}
	if c.one(2) || name != "{app}-{env}" {
		application["name"] = name
	}
	c.maybe(2, application, "template", c.applicationTemplate(application["renderer"]))
	spec := object{"discover": c.discover(names), "environments": c.environments(names, perCluster, namespace), "teams": c.teams(),
		"application": application}
	c.maybe(2, spec, "source", c.source())
	c.maybe(2, spec, "projects", c.projects())
	c.maybe(3, spec, "roots", c.roots())
	c.maybe(4, spec, "reservedNamespaces", some(c, 0, 3, "default", "kube-*", "monitoring", "shop*", "?"))
	c.maybe(4, spec, "reservedNames", some(c, 0, 3, "argocd", "web-*", "bootstrap"))
	c.maybe(2, spec, "allowEmpty", pick(c, true, true, false))
	c.maybe(3, spec, "breakGlass", pick(c, true, false))
	c.maybe(3, spec, "partition", pick(c, "none", "environment"))
	return spec
}

func (c chance) source() object {
	source := object{}
	c.maybe(1, source, "repoURL", pick(c, urls...))
	c.maybe(2, source, "targetRevision", pick(c, revisions...))
	return source
}

func (c chance) discover(environments []string) []object {
	rules := []object{{"path": "apps/{app}/k8s/overlays/{env}"}}
	if c.one(4) {
		rules = append(rules, object{"path": "apps/legacy-*/**", "exclude": true})
	}
	if c.one(4) {
		rules = append(rules, object{"path": "addons/*/{env}", "app": pick(c, appNames...)})
	}
	if c.one(4) {
		rules = append(rules, object{"path": "single/{app}", "env": environments[0]})
	}
	if c.one(6) {
		rules = append(rules, object{"path": "deep/**/{app}/{env}"})
	}
	return rules
}

func (c chance) destination(cluster string, namespace string) object {
	destination := object{}
	switch c.IntN(4) {
	case 0:
		destination["server"] = pick(c, inCluster, "https://"+cluster+".example:6443", "https://10.0.0.1", "https://k8s.example/"+cluster,
			"https://"+cluster+".example/")
		destination["cluster"] = cluster
	case 1:
		destination["name"] = cluster
	case 2:
		destination["name"], destination["cluster"] = "Cluster_"+cluster, cluster
	default:
		destination["name"] = "in-cluster"
		c.maybe(2, destination, "cluster", cluster)
	}
	if namespace != "{app}-{env}" || c.one(2) {
		destination["namespace"] = namespace
	}
	return destination
}

func (c chance) environments(names []string, perCluster bool, namespace string) []object {
	var all []object
	for _, name := range names {
		environment := object{"name": name}
		if perCluster {
			var list []object
			for i, cluster := range some(c, 1, 3, "c1", "c2", "c3") {
				list = append(list, c.destination(cluster, strings.ReplaceAll(namespace, "ns-", fmt.Sprintf("n%d-", i))))
			}
			environment["destinations"] = list
		} else {
			environment["destination"] = c.destination(pick(c, "c1", "c2", name), namespace)
		}
		c.maybe(3, environment, "targetRevision", pick(c, revisions...))
		c.maybe(2, environment, "deletion", pick(c, "auto", "keep", "confirm"))
		c.maybe(3, environment, "allowEmpty", pick(c, true, true, false))
		c.maybe(3, environment, "syncWindows", c.windows())
		all = append(all, environment)
	}
	return all
}

func (c chance) windows() []object {
	var all []object
	for range 1 + c.IntN(3) {
		window := object{"kind": pick(c, "allow", "deny"), "schedule": pick(c, schedules...), "duration": pick(c, durations...)}
		c.maybe(3, window, "applications", some(c, 1, 2, "*", "web-*", "*-{env}"))
		c.maybe(4, window, "namespaces", some(c, 1, 2, "*", "shop-*"))
		c.maybe(4, window, "clusters", some(c, 1, 2, "in-cluster", "https://*"))
		c.maybe(3, window, "manualSync", pick(c, true, false))
		c.maybe(4, window, "timeZone", pick(c, "Europe/Berlin", "UTC", "America/New_York"))
		c.maybe(5, window, "andOperator", pick(c, true, false))
		c.maybe(5, window, "syncOverrun", pick(c, true, false))
		c.maybe(4, window, "description", pick(c, "night in {env}", ""))
		all = append(all, window)
	}
	return all
}

func (c chance) teams() []object {
	var all []object
	for _, name := range some(c, 0, 3, teamNames...) {
		all = append(all, c.team(name, some(c, 1, 3, "checkout", "ledger-*", "shop*", "x?", "a", "front-end", "*-api")))
	}
	return append(all, c.team("default", []string{"*"}))
}

func (c chance) team(name string, apps []string) object {
	team := object{"name": name, "apps": apps}
	if c.one(2) {
		team["groups"] = some(c, 1, 3, groupNames...)
		c.maybe(2, team, "permissions", some(c, 1, 4, permissions...))
	}
	c.maybe(3, team, "description", pick(c, "Takes the money", strings.Repeat("é", 127), "", `quotes " and: colons #`))
	c.maybe(3, team, "clusterResources", some(c, 1, 3, object{"kind": "PriorityClass", "group": "scheduling.k8s.io"},
		object{"kind": "Node"}, object{"kind": "ClusterRole", "group": "rbac.authorization.k8s.io", "name": "shop-*"},
		object{"kind": "*", "group": "example.com"}, object{"kind": "PersistentVolume", "group": ""}))
	return team
}

func (c chance) metadata(word string) object {
	metadata := object{}
	c.maybe(2, metadata, "labels", object{"owner": "{" + word + "}", "example.com/tier": pick(c, "gold", "", "2")})
	c.maybe(2, metadata, "annotations", object{"example.com/note": pick(c, "of {"+word+"}", "true", "", "a: b\nc"),
		"notifications.argoproj.io/subscribe.on-sync-failed.slack": "ops"})
	return metadata
}

func (c chance) applicationTemplate(renderer any) object {
	spec := object{}
	c.maybe(3, spec, "revisionHistoryLimit", pick(c, 3, 0, 10))
	c.maybe(3, spec, "info", []object{{"name": "runbook", "value": "https://example.com/{app}?a=1&b=2"}})
	c.maybe(3, spec, "ignoreDifferences", []object{{"group": "apps", "kind": "Deployment", "jsonPointers": []string{"/spec/replicas"}},
		{"kind": "ConfigMap", "name": "{app}", "namespace": "{namespace}", "jqPathExpressions": []string{".data[\"x\"]"}}})
	c.maybe(2, spec, "syncPolicy", c.syncPolicy("team"))
	if renderer == "kustomize" && c.one(2) {
		kustomize := object{}
		c.maybe(2, kustomize, "images", []string{"example/{app}:1.0"})
		c.maybe(2, kustomize, "commonLabels", object{"env": "{env}"})
		c.maybe(2, kustomize, "replicas", []object{{"name": "web", "count": pick(c, any(2), any("3"))}})
		c.maybe(3, kustomize, "namePrefix", pick(c, "p-", ""))
		c.maybe(3, kustomize, "patches", []object{{"target": object{"kind": "Deployment"}, "patch": "- op: remove\n  path: /spec/replicas\n"}})
		spec["source"] = object{"kustomize": kustomize}
	} else if (renderer == nil || renderer == "plugin") && c.one(3) {
		spec["source"] = object{"plugin": object{"env": []object{{"name": "TEAM", "value": "{team}"}}}}
	}
	template := object{"metadata": c.metadata("team"), "spec": spec}
	c.maybe(4, template["metadata"].(object), "finalizers", []string{"resources-finalizer.argocd.argoproj.io/background"})
	return template
}

func (c chance) syncPolicy(word string) object {
	policy := object{}
	c.maybe(3, policy, "automated", pick(c, any(nil), any(object{"prune": false}), any(object{"selfHeal": nil, "allowEmpty": true}),
		any(object{"enabled": false})))
	c.maybe(2, policy, "syncOptions", some(c, 1, 3, "ServerSideApply=true", "CreateNamespace=false", "PruneLast=true",
		"PrunePropagationPolicy=foreground", "RespectIgnoreDifferences=true"))
	c.maybe(3, policy, "retry", pick(c, any(nil), any(object{"limit": 0}), any(object{"backoff": object{"factor": 3, "maxDuration": "10m"}}),
		any(object{"refresh": true, "backoff": nil})))
	c.maybe(4, policy, "managedNamespaceMetadata", object{"labels": object{"owner": "{" + word + "}"}})
	return policy
}

func (c chance) projects() object {
	projects := object{}
	c.maybe(3, projects, "name", pick(c, "{team}-{env}", "{env}.{team}", "p-{team}-{env}", "{team}.{env}"))
	if c.one(2) {
		return projects
	}
	spec := object{}
	c.maybe(3, spec, "description", "of {team} in {env}")
	c.maybe(3, spec, "orphanedResources", pick(c, object{"warn": true}, object{"warn": false, "ignore": []object{{"kind": "Secret"}}}))
	c.maybe(3, spec, "namespaceResourceBlacklist", []object{{"group": "", "kind": "ResourceQuota"}, {"group": "*", "kind": "NetworkPolicy"}})
	c.maybe(4, spec, "namespaceResourceWhitelist", []object{{"group": "*", "kind": "*"}})
	c.maybe(4, spec, "destinationServiceAccounts", []object{{"server": inCluster, "namespace": "{team}-*", "defaultServiceAccount": "deployer"}})
	c.maybe(4, spec, "roles", []object{{"name": "auditors", "groups": []string{"example:audit"}, "policies": []string{
		"p, proj:{project}:auditors, applications, get, {project}/*, allow"}}})
	c.maybe(5, spec, "syncWindows", []object{{"kind": "deny", "schedule": "0 0 * * *", "duration": "1m", "applications": []string{"never"}}})
	c.maybe(5, spec, "clusterResourceBlacklist", []object{{"group": "example.com", "kind": "Widget"}})
	projects["template"] = object{"metadata": c.metadata("project"), "spec": spec}
	return projects
}

func (c chance) roots() object {
	roots := object{}
	c.maybe(2, roots, "name", pick(c, "root-{env}", "{env}.root", "apps-of-{env}"))
	c.maybe(2, roots, "template", object{"metadata": c.metadata("env"), "spec": object{"syncPolicy": c.syncPolicy("env"), "revisionHistoryLimit": 2}})
	return roots
}

// writePolicy adds argo/root.
func (f files) writePolicy(t testing.TB, spec object) {
	t.Helper()
	resource := object{"apiVersion": "rootapp.dev/v1alpha1", "kind": "RootApp", "metadata": object{"name": "apps"}, "spec": spec}
	text, err := yaml.Marshal(resource)
	if err != nil {
		t.Fatal(err)
	}
	f["argo/root/kustomization.yaml"], f["argo/root/rootapp.yaml"] = kustomization(""), string(text)
}

// tree is a repository for a policy: overlays, some of them broken or with names that no target may have.
func (c chance) tree(t testing.TB, spec object) files {
	t.Helper()
	tree := files{"components/probes/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"}
	tree.writePolicy(t, spec)
	for _, app := range some(c, 1, 6, append(appNames, oddNames...)...) {
		for _, environment := range append(some(c, 1, 4, environmentNames...), "unlisted") {
			tree[fmt.Sprintf("apps/%s/k8s/overlays/%s/kustomization.yaml", app, environment)] = c.overlay()
		}
		if c.one(3) {
			tree["apps/"+app+"/app.yaml"] = c.appFile()
		}
		tree["apps/"+app+"/k8s/base/kustomization.yaml"] = "resources: []\n"
		if c.one(4) {
			tree["single/"+app+"/kustomization.yaml"] = c.overlay()
		}
	}
	tree["addons/one/dev/kustomization.yaml"] = "resources: []\n"
	tree["deep/a/b/nested/dev/kustomization.yaml"] = "resources: []\n"
	return tree
}

func (c chance) overlay() string {
	return pick(c, "resources:\n  - ../../base\n", "components:\n  - ../../../../../components/probes\n", "namePrefix: [", "resources: [../../../../../../..]\n")
}

func (c chance) appFile() string {
	return pick(c, "description: Takes the money\nlinks:\n  dashboard: https://grafana.example.com/d/x?a=1#b\n",
		"notifications:\n  - {trigger: on-sync-failed, service: slack, recipients: [ops, 'a b']}\n  - {service: email, recipients: [o@example.com]}\n",
		"description: 'true'\n", "project: default\n", "links: {bad: 'javascript:alert(1)'}\n", "")
}
