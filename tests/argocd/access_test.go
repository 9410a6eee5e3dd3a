// Who may do what in generated projects, by Argo CD's own policy engine, and when, by its own sync windows.
package argocd

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/argoproj/argo-cd/v3/assets"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	listers "github.com/argoproj/argo-cd/v3/pkg/client/listers/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/server/rbacpolicy"
	"github.com/argoproj/argo-cd/v3/util/rbac"
	"github.com/golang-jwt/jwt/v5"
	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/cache"
)

// accessPolicy has a team for each kind of permissions: default ones, its own, none (no groups).
func accessPolicy() object {
	return object{
		"source":   object{"repoURL": "https://github.com/example/gitops.git"},
		"discover": []object{{"path": "apps/{app}/k8s/overlays/{env}"}},
		"environments": []object{
			{"name": "dev", "destination": object{"name": "in-cluster"}},
			{"name": "prod", "destination": object{"name": "in-cluster"}, "syncWindows": []object{
				{"kind": "deny", "schedule": "0 22 * * *", "duration": "8h", "manualSync": true},
				{"kind": "deny", "schedule": "0 0 24 12 *", "duration": "72h"},
			}},
			{"name": "office", "destination": object{"name": "in-cluster"}, "syncWindows": []object{
				{"kind": "allow", "schedule": "0 9 * * 1-5", "duration": "8h", "applications": []string{"checkout-*"}, "timeZone": "Asia/Tokyo"},
			}},
		},
		"teams": []object{
			{"name": "payments", "apps": []string{"checkout"}, "groups": []string{"example:payments", `"CN=pay,OU=it"`}},
			{"name": "search", "apps": []string{"web"}, "groups": []string{"example:search"},
				"permissions": []string{"applications, *", "logs, get", "exec, create", "applicationsets, get", "repositories, get", "clusters, get"}},
			{"name": "default", "apps": []string{"*"}},
		},
	}
}

func accessSet(t testing.TB) *judgement {
	t.Helper()
	tree := files{}
	spec := accessPolicy()
	tree.writePolicy(t, spec)
	for _, app := range []string{"checkout", "web", "other"} {
		for _, environment := range environmentsOf(spec) {
			tree["apps/"+app+"/k8s/overlays/"+environment+"/kustomization.yaml"] = "resources: []\n"
		}
	}
	repository := t.TempDir()
	tree.write(t, repository)
	set := generateAll(t, repository, spec)
	if set.root.err != nil {
		t.Fatal(set.root.message)
	}
	judged := judge(t, set.all(), true)
	if len(judged.complaints) > 0 {
		t.Fatal(judged.complaints)
	}
	return judged
}

// enforcer is the policy engine of argocd-server over the projects, with the built-in policy and no other.
func enforcer(t testing.TB, projects map[string]*v1alpha1.AppProject) *rbac.Enforcer {
	t.Helper()
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	for _, project := range projects {
		if err := indexer.Add(project); err != nil {
			t.Fatal(err)
		}
	}
	engine := rbac.NewEnforcer(nil, argocdNamespace, "argocd-rbac-cm", nil)
	policy, err := assets.Embedded.ReadFile("builtin-policy.csv")
	if err == nil {
		err = engine.SetBuiltinPolicy(string(policy))
	}
	if err != nil {
		t.Fatal(err)
	}
	claims := rbacpolicy.NewRBACPolicyEnforcer(engine, listers.NewAppProjectLister(indexer).AppProjects(argocdNamespace))
	engine.SetClaimsEnforcerFunc(claims.EnforceClaims)
	return engine
}

type action struct{ resource, verb string }

var actions = []action{
	{"applications", "get"}, {"applications", "sync"}, {"applications", "override"}, {"applications", "update"}, {"applications", "create"},
	{"applications", "delete"}, {"applications", "rollback"}, {"applications", "action/apps/Deployment/restart"},
	{"applications", "delete/*/Pod/*/*"}, {"logs", "get"}, {"exec", "create"}, {"applicationsets", "get"}, {"applicationsets", "create"},
}

// defaults are what the groups of a team may do unless the team says otherwise (docs/rootapp.md).
var defaults = map[action]bool{{"applications", "get"}: true, {"applications", "sync"}: true, {"logs", "get"}: true,
	{"applications", "action/apps/Deployment/restart"}: true}

// TestRoles asks Argo CD's engine, for each group, project and action.
func TestRoles(t *testing.T) {
	set := accessSet(t)
	engine := enforcer(t, set.projects)
	may := func(group string, one action, object string) bool {
		return engine.Enforce(jwt.MapClaims{"sub": "someone", "groups": []string{group}}, one.resource, one.verb, object)
	}
	everything := map[action]bool{}
	for _, one := range actions {
		everything[one] = one != action{"applicationsets", "create"}
	}
	// The groups as their members' tokens have them: the quotes of a group with a comma are the project's alone.
	grants := map[string]struct {
		team string
		may  map[action]bool
	}{
		"example:payments": {team: "payments", may: defaults},
		"CN=pay,OU=it":     {team: "payments", may: defaults},
		"example:search":   {team: "search", may: everything},
		"example:others":   {},
		"example":          {},
		"payments":         {},
	}
	asked := 0
	for group, grant := range grants {
		for name, application := range set.applications {
			project := set.projects[application.Spec.Project]
			for _, one := range actions {
				// An action of the Application's own project, of its name in a project of somebody else's, and of the project's prefix.
				expected := grant.team != "" && project.Labels["rootapp.dev/team"] == grant.team && grant.may[one]
				if got := may(group, one, application.RBACName(argocdNamespace)); got != expected {
					t.Errorf("%s: %s %s on %s of %s: got %v, expected %v", group, one.resource, one.verb, name, project.Name, got, expected)
				}
				if may(group, one, "argocd-root/"+name) || may(group, one, "default/"+name) || may(group, one, project.Name+"x/"+name) {
					t.Errorf("%s: %s %s on %s in another project is permitted", group, one.resource, one.verb, name)
				}
				asked += 4
			}
		}
		for name, project := range set.projects {
			// Argo CD itself lets a role of a project see the project.
			expected := grant.team != "" && project.Labels["rootapp.dev/team"] == grant.team
			if got := may(group, action{"projects", "get"}, name); got != expected {
				t.Errorf("%s: get project %s: got %v, expected %v", group, name, got, expected)
			}
			for _, verb := range []string{"create", "update", "delete"} {
				if may(group, action{"projects", verb}, name) {
					t.Errorf("%s: %s project %s is permitted", group, verb, name)
				}
			}
			for _, resource := range []string{"repositories", "clusters"} {
				expected := grant.team == "search" && project.Labels["rootapp.dev/team"] == "search"
				if got := may(group, action{resource, "get"}, name+"/x"); got != expected {
					t.Errorf("%s: get %s of %s: got %v, expected %v", group, resource, name, got, expected)
				}
				if may(group, action{resource, "get"}, "x") {
					t.Errorf("%s: get a %s of no project is permitted", group, resource)
				}
			}
			asked += 8
		}
	}
	t.Logf("%d questions", asked)
}

// TestAdministrator: the built-in role sees and changes all, so that the questions above are not refused by a broken engine.
func TestAdministrator(t *testing.T) {
	set := accessSet(t)
	engine := enforcer(t, set.projects)
	for _, application := range set.applications {
		if !engine.Enforce(jwt.MapClaims{"sub": "admin"}, "applications", "delete", application.RBACName(argocdNamespace)) {
			t.Errorf("admin may not delete %s", application.Name)
		}
	}
}

// at runs a question at a time of the day: in the bubble, the clock that Argo CD reads is ours.
func at(t *testing.T, moment string, ask func()) {
	t.Helper()
	when, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(*testing.T) {
		time.Sleep(time.Until(when))
		ask()
	})
}

// TestSyncWindows asks Argo CD's windows of generated projects at fixed times.
func TestSyncWindows(t *testing.T) {
	set := accessSet(t)
	for _, one := range []struct {
		application, moment string
		windows             int
		automatic, byHand   bool
	}{
		{"checkout-dev", "2027-01-04T23:00:00Z", 0, true, true},
		{"checkout-prod", "2027-01-04T21:59:00Z", 2, true, true},
		{"checkout-prod", "2027-01-04T22:00:01Z", 2, false, true},
		{"checkout-prod", "2027-01-05T05:59:00Z", 2, false, true},
		{"checkout-prod", "2027-01-05T06:00:01Z", 2, true, true},
		{"other-prod", "2027-01-04T23:00:00Z", 2, false, true},
		{"web-prod", "2026-12-25T12:00:00Z", 2, false, false},
		{"web-prod", "2026-12-27T12:00:00Z", 2, true, true},
		// 9:00 to 17:00 in Tokyo is 0:00 to 8:00 UTC.
		{"checkout-office", "2027-01-04T00:30:00Z", 1, true, true},
		{"checkout-office", "2027-01-04T08:30:00Z", 1, false, false},
		{"checkout-office", "2027-01-03T00:30:00Z", 1, false, false},
		{"web-office", "2027-01-04T08:30:00Z", 0, true, true},
	} {
		application := set.applications[one.application]
		if application == nil {
			t.Fatalf("there is no Application %s", one.application)
		}
		windows := set.projects[application.Spec.Project].Spec.SyncWindows.Matches(application)
		count := 0
		if windows != nil {
			count = len(*windows)
		}
		if count != one.windows {
			t.Errorf("%s: %d windows match, expected %d", one.application, count, one.windows)
		}
		at(t, one.moment, func() {
			automatic, err1 := windows.CanSync(false, nil)
			byHand, err2 := windows.CanSync(true, nil)
			if err1 != nil || err2 != nil || automatic != one.automatic || byHand != one.byHand {
				t.Errorf("%s at %s: automatic %v, by hand %v (%v %v); expected %v, %v", one.application, one.moment, automatic, byHand, err1, err2,
					one.automatic, one.byHand)
			}
		})
	}
}

// TestProjectsRefuse asks the projects for what tenants might try.
func TestProjectsRefuse(t *testing.T) {
	set := accessSet(t)
	project := set.projects["payments-prod"]
	source := func(url string) v1alpha1.ApplicationSource {
		return v1alpha1.ApplicationSource{RepoURL: url, Path: "x"}
	}
	for url, expected := range map[string]bool{
		"https://github.com/example/gitops.git": true, "https://github.com/example/gitops": true, "https://github.com/example/other.git": false,
		"https://github.com/example/gitops.git.evil.example": false, "git@github.com:example/gitops.git": false, "": false,
	} {
		if got := project.IsSourcePermitted(source(url)); got != expected {
			t.Errorf("repository %q: got %v", url, got)
		}
	}
	for destination, expected := range map[string]bool{
		"in-cluster checkout-prod": true, "in-cluster checkout-dev": false, "in-cluster web-prod": false, "in-cluster argocd": false,
		"in-cluster kube-system": false, "in-cluster ": false, "elsewhere checkout-prod": false, "in-cluster checkout-prod-x": false,
	} {
		cluster, namespace, _ := strings.Cut(destination, " ")
		permitted, err := project.IsDestinationPermitted(clusterOf(v1alpha1.ApplicationDestination{Name: cluster}), namespace, noProjectClusters)
		if err != nil || permitted != expected {
			t.Errorf("destination %q: got %v (%v)", destination, permitted, err)
		}
	}
	for _, name := range []string{"payments-prod", "search-prod", "default-prod"} {
		if set.projects[name].IsGroupKindNamePermitted(namespaceKind, "kube-system", false) {
			t.Errorf("%s permits the Namespace kube-system", name)
		}
		for _, kind := range []runtimeschema.GroupKind{{Kind: "Node"}, {Kind: "PersistentVolume"}, {Group: "rbac.authorization.k8s.io", Kind: "ClusterRole"},
			{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}} {
			if set.projects[name].IsGroupKindNamePermitted(kind, "x", false) {
				t.Errorf("%s permits %v", name, kind)
			}
		}
	}
}
