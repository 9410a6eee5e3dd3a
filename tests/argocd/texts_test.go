// Random texts for what Argo CD parses with parsers of its own, and random permissions of projects: both have to agree.
package argocd

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

// text is made of so many of these pieces.
func (c chance) text(least, most int, pieces ...string) string {
	var out strings.Builder
	for range least + c.IntN(most-least+1) {
		out.WriteString(pick(c, pieces...))
	}
	return out.String()
}

func (c chance) schedule() string {
	fields := make([]string, pick(c, 5, 5, 5, 5, 5, 5, 4, 6))
	for i := range fields {
		fields[i] = pick(c, "*", "*", "?", "0", "5", "1-5", "*/2", c.text(1, 4, "0", "1", "3", "59", "-", ",", "/", "*", "mon", "JAN", "7", "+", "12", "31", "L"))
	}
	return pick(c, "", "", "", "", "TZ=UTC ", "CRON_TZ=Asia/Tokyo ", " ", "TZ= ", "@") + strings.Join(fields, pick(c, " ", " ", "  ", "\t"))
}

func (c chance) duration() string {
	return c.text(1, 4, "1", "30", "h", "m", "s", "1h", "ms", ".5", "-", "+", "d", "0", "µs", "ns", "99999999", " ", "1.")
}

func (c chance) group() string {
	return c.text(1, 4, "a", "example:x", ",", `"`, " ", "\t", "é", "\u00a0", "'", "\n", "\\", "*", "#", "x y")
}

func (c chance) permission() string {
	return pick(c, "applications", "logs", "exec", "repositories", "clusters", "applicationsets", "projects", "", "*", "Applications") + c.text(1, 2, ",", ", ", " , ") +
		pick(c, "get", "sync", "*", "action/*", "action/apps/Deployment/restart", "update/*", "delete/*/Pod/*/*", "fly", "", "GET", "override", "my action/x", "rollback", "invoke")
}

// TestRandomTexts gives a policy one random text at a time.
func TestRandomTexts(t *testing.T) {
	repository, _ := richRepository(t)
	both, neither := 0, 0
	for seed := *firstSeed; seed < *firstSeed+uint64(*patches); seed++ {
		c := newChance(seed)
		spec, project := richPolicy(), &v1alpha1.AppProject{}
		project.Name = "payments-prod"
		window := v1alpha1.InlineSyncWindow{Kind: "deny", Schedule: "0 1 * * *", Duration: "1h", Applications: []string{"*"}}
		role := v1alpha1.ProjectRole{Name: "team", Groups: []string{"example:payments"}}
		team := spec["teams"].([]object)[0]
		text := ""
		switch c.IntN(4) {
		case 0:
			text = c.schedule()
			window.Schedule = text
		case 1:
			text = c.duration()
			window.Duration = text
		case 2:
			text = c.group()
			role.Groups = []string{text}
			team["groups"] = role.Groups
		case 3:
			text = c.permission()
			role.Policies = []string{fmt.Sprintf("p, proj:payments-prod:team, %s, payments-prod/*, allow", text)}
			team["permissions"] = []string{text}
		}
		project.Spec.SyncWindows, project.Spec.Roles = v1alpha1.SyncWindows{&window}, []v1alpha1.ProjectRole{role}
		spec["environments"].([]object)[1]["syncWindows"] = []object{{"kind": "deny", "schedule": window.Schedule, "duration": window.Duration}}
		tree := files{}
		tree.writePolicy(t, spec)
		tree.write(t, repository)
		ours, theirs := generate(t, repository, ""), validateProject(project)
		switch {
		case ours.err == nil && theirs == nil:
			both++
		case ours.err != nil && theirs != nil:
			neither++
		case ours.err == nil || reasonFor(ours.message) == "":
			t.Errorf("seed %d: %q: Argo CD says %v, rootapp says %s", seed, text, theirs, ours.message)
		}
	}
	t.Logf("of %d texts %d are accepted by both, %d refused by both", *patches, both, neither)
	if both < *patches/10 || neither < *patches/10 {
		t.Errorf("too few texts of one kind: the family tests too little")
	}
}

// TestRandomPermits gives a project random destinations and repositories: both have to agree whether they permit its Applications.
func TestRandomPermits(t *testing.T) {
	repository, spec := richRepository(t)
	all := generateAll(t, repository, spec).all()
	both, neither := 0, 0
	for seed := *firstSeed; seed < *firstSeed+uint64(*patches); seed++ {
		c := newChance(seed)
		var destinations []object
		for range 1 + c.IntN(4) {
			destination := object{}
			c.maybe(2, destination, "server", pick(c, inCluster, inCluster, "*", "https://*", "!https://prod.example", "!"+inCluster, "!*://*", "https://kubernetes.*", "", "{https://a,"+inCluster+"}", inCluster+"/"))
			c.maybe(2, destination, "name", pick(c, "in-cluster", "*", "!in-cluster", "in-*", "", "!prod", "[i]n-cluster"))
			c.maybe(1, destination, "namespace", pick(c, "*-dev", "checkout-dev", "checkout-*", "!checkout-*", "!web-dev", "", "c?eckout-dev", "{checkout,web}-dev", "[!a]heckout-dev", "checkout-[a-z][!x]v", "check**", `checkout\-dev`, "[c"))
			destinations = append(destinations, destination)
		}
		repositories := some(c, 1, 3, "https://github.com/example/gitops.git", "https://github.com/example/gitops", "https://GitHub.com/Example/*", "*",
			"!https://github.com/example/other", "!https://github.com/example/*", "https://github.com/**", "https://github.com/*", "git@github.com:example/gitops.git",
			"https://github.com/example/{gitops,x}", "https://github.com/example/gitops?x", "!*.git", " https://github.com/example/gitops.git ", "https://github.com/example/g[a-z]tops")
		changes := []change{{kind: "AppProject", name: "payments-dev", path: []any{"spec", "destinations"}, value: destinations},
			{kind: "AppProject", name: "payments-dev", path: []any{"spec", "sourceRepos"}, value: repositories}}
		if !c.one(3) {
			changes = changes[c.IntN(2):][:1]
		}
		changed, patches := all, ""
		for _, one := range changes {
			changed = one.apply(changed)
			patches += strings.TrimPrefix(one.patch(t), "patches:\n")
		}
		patch := kustomization("patches:\n" + patches)
		if err := os.WriteFile(repository+"/argo/root/kustomization.yaml", []byte(patch), 0o644); err != nil {
			t.Fatal(err)
		}
		ours, theirs := generate(t, repository, ""), judge(t, changed, false).refusals()
		switch {
		case ours.err == nil && len(theirs) == 0:
			both++
		case ours.err != nil && len(theirs) > 0:
			neither++
		case ours.err == nil || reasonFor(ours.message) == "":
			t.Errorf("seed %d: Argo CD says %v, rootapp says %s\n%s", seed, theirs, ours.message, patch)
		}
	}
	t.Logf("of %d projects %d are accepted by both, %d refused by both", *patches, both, neither)
	if both < *patches/10 || neither < *patches/10 {
		t.Errorf("too few projects of one kind: the family tests too little")
	}
}
