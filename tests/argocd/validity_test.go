package argocd

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/syncwaves"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	argopath "github.com/argoproj/argo-cd/v3/util/app/path"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	labelApp         = "rootapp.dev/app"
	labelEnvironment = "rootapp.dev/environment"
)

// rootSet is all that a policy makes: what the root Application applies, and what each environment's root does.
type rootSet struct {
	root         call
	environments map[string]call
}

func environmentsOf(spec object) []string {
	var names []string
	for _, environment := range spec["environments"].([]object) {
		names = append(names, environment["name"].(string))
	}
	return names
}

func hasTemplate(spec object) bool {
	for _, field := range []string{"application", "projects", "roots"} {
		if named, ok := spec[field].(object); ok && named["template"] != nil {
			return true
		}
	}
	return false
}

func generateAll(t testing.TB, repository string, spec object) rootSet {
	t.Helper()
	set := rootSet{root: generate(t, repository, ""), environments: map[string]call{}}
	for _, name := range environmentsOf(spec) {
		set.environments[name] = generate(t, repository, name)
	}
	return set
}

func (s rootSet) all() []*unstructured.Unstructured {
	all := slices.Clone(s.root.resources)
	known := map[string]bool{}
	for _, resource := range all {
		known[resource.GetKind()+"/"+resource.GetName()] = true
	}
	for _, one := range s.environments {
		for _, resource := range one.resources {
			// Without a partition both calls have the Applications.
			if !known[resource.GetKind()+"/"+resource.GetName()] {
				all = append(all, resource)
			}
		}
	}
	return all
}

// TestRandomPolicies generates from many policies and feeds Argo CD with what comes out.
func TestRandomPolicies(t *testing.T) {
	accepted, applications := 0, 0
	refusals := map[string]int{}
	for seed := *firstSeed; seed < *firstSeed+uint64(*policies); seed++ {
		c := newChance(seed)
		spec := c.policy()
		repository := t.TempDir()
		c.tree(t, spec).write(t, repository)
		set := generateAll(t, repository, spec)
		if set.root.err != nil {
			refusals[withoutPlaces(set.root.message)]++
			continue
		}
		accepted++
		judged := judge(t, set.all(), !hasTemplate(spec))
		judged.judgeTogether(set)
		applications += len(judged.applications)
		for _, complaint := range judged.complaints {
			t.Errorf("seed %d: %s", seed, complaint)
		}
		if again := generate(t, repository, ""); !bytes.Equal(again.text, set.root.text) {
			t.Errorf("seed %d: two calls print different things", seed)
		}
		os.RemoveAll(repository)
	}
	for message, count := range refusals {
		t.Logf("%d policies refused: %s", count, message)
	}
	t.Logf("%d of %d policies accepted, %d applications", accepted, *policies, applications)
	if accepted*3 < *policies {
		t.Errorf("only %d of %d policies are accepted: the family tests too little", accepted, *policies)
	}
}

// judgeTogether asks what resources of one root set mean for each other.
func (j *judgement) judgeTogether(set rootSet) {
	for _, resource := range set.all() {
		if wave := resource.GetAnnotations()["argocd.argoproj.io/sync-wave"]; wave != "" && fmt.Sprint(syncwaves.Wave(resource)) != wave {
			j.complain(resource, "sync wave %q is no number", wave)
		}
		if resource.GetKind() != "Application" || resource.GetLabels()[labelApp] == "" {
			continue
		}
		application, project := j.applications[resource.GetName()], j.projects[j.applications[resource.GetName()].Spec.Project]
		if project == nil {
			continue
		}
		j.judgeNamespace(resource, application, project)
		j.judgeRefresh(resource, application)
		for _, other := range j.projects {
			if other.Labels["rootapp.dev/team"] != project.Labels["rootapp.dev/team"] || other.Labels[labelEnvironment] != project.Labels[labelEnvironment] {
				j.judgeOthers(resource, application, other)
			}
		}
	}
	for _, project := range j.projects {
		j.judgeReach(project)
	}
}

func clusterOf(destination v1alpha1.ApplicationDestination) *v1alpha1.Cluster {
	if destination.Server == "" {
		return &v1alpha1.Cluster{Server: serverOfName(destination.Name), Name: destination.Name}
	}
	return &v1alpha1.Cluster{Server: destination.Server, Name: nameOfServer(destination.Server)}
}

var namespaceKind = runtimeschema.GroupKind{Kind: "Namespace"}

// judgeNamespace: CreateNamespace=true needs a project that permits the Namespace by its name.
func (j *judgement) judgeNamespace(resource *unstructured.Unstructured, application *v1alpha1.Application, project *v1alpha1.AppProject) {
	if !project.IsGroupKindNamePermitted(namespaceKind, application.Spec.Destination.Namespace, false) {
		j.complain(resource, "project %s does not permit to create namespace %s", project.Name, application.Spec.Destination.Namespace)
	}
}

// judgeRefresh: a change of the overlay refreshes the Application, a change of another app does not.
func (j *judgement) judgeRefresh(resource *unstructured.Unstructured, application *v1alpha1.Application) {
	paths := argopath.GetSourceRefreshPaths(application, *application.Spec.Source)
	if !argopath.AppFilesHaveChanged(paths, []string{filepath.Join(application.Spec.Source.Path, "kustomization.yaml")}) {
		j.complain(resource, "a change of %s does not refresh it", application.Spec.Source.Path)
	}
	if len(paths) > 0 && argopath.AppFilesHaveChanged(paths, []string{"apps/another/k8s/base/kustomization.yaml", "argo/root/rootapp.yaml"}) {
		j.complain(resource, "a change of another app refreshes it: %v", paths)
	}
}

// judgeOthers: no other project reaches the Application's namespace.
func (j *judgement) judgeOthers(resource *unstructured.Unstructured, application *v1alpha1.Application, other *v1alpha1.AppProject) {
	destination := application.Spec.Destination
	permitted, err := other.IsDestinationPermitted(clusterOf(destination), destination.Namespace, noProjectClusters)
	if err != nil || permitted {
		j.complain(resource, "project %s reaches its namespace %s too (%v)", other.Name, destination.Namespace, err)
	}
}

// judgeReach: no project of the policy deploys to Argo CD's own namespace, and the time zones of its windows are known.
func (j *judgement) judgeReach(project *v1alpha1.AppProject) {
	if project.Name == rootProject {
		return
	}
	resource := &unstructured.Unstructured{Object: object{"kind": "AppProject", "metadata": object{"name": project.Name}}}
	for _, window := range project.Spec.SyncWindows {
		if _, err := time.LoadLocation(window.TimeZone); err != nil {
			j.complain(resource, "sync window: %v", err)
		}
	}
	for _, destination := range append(project.Spec.Destinations, v1alpha1.ApplicationDestination{Server: inCluster}) {
		if destination.Name == "" && (destination.Server == "" || destination.Server[0] == '!') {
			continue
		}
		permitted, err := project.IsDestinationPermitted(clusterOf(destination), argocdNamespace, noProjectClusters)
		if err != nil || permitted {
			j.complain(resource, "it reaches Argo CD's namespace on %s%s (%v)", destination.Name, destination.Server, err)
		}
	}
}
