// What Argo CD, its custom resource definitions and Kubernetes say about Applications and AppProjects.
package argocd

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/argo"
	"github.com/argoproj/argo-cd/v3/util/db"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kubejson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// definition is a custom resource definition of Argo CD's module, as the API server uses it.
type definition struct {
	structural *schema.Structural
	validator  validation.SchemaValidator
}

var definitions = sync.OnceValues(func() (map[string]definition, error) {
	where, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-cd/v3").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	all := map[string]definition{}
	for _, name := range []string{"application", "appproject"} {
		file := filepath.Join(strings.TrimSpace(string(where)), "manifests/crds", name+"-crd.yaml")
		kind, one, err := readDefinition(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all[kind] = one
	}
	return all, nil
})

func readDefinition(file string) (string, definition, error) {
	var external apiextensionsv1.CustomResourceDefinition
	var props apiextensions.JSONSchemaProps
	text, err := os.ReadFile(file)
	if err == nil {
		err = yaml.UnmarshalStrict(text, &external)
	}
	if err == nil {
		err = apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(
			external.Spec.Versions[0].Schema.OpenAPIV3Schema, &props, nil)
	}
	if err != nil {
		return "", definition{}, err
	}
	structural, err := schema.NewStructural(&props)
	if err != nil {
		return "", definition{}, err
	}
	validator, _, err := validation.NewSchemaValidator(&props)
	return external.Spec.Names.Kind, definition{structural, validator}, err
}

// clusters is the part of Argo CD's database that validation asks: every cluster exists that a destination names.
type clusters struct{ db.ArgoDB }

const inCluster = "https://kubernetes.default.svc"

func serverOfName(name string) string {
	if name == "in-cluster" {
		return inCluster
	}
	return "https://" + name + ".clusters.example"
}

func nameOfServer(server string) string {
	if server == inCluster {
		return "in-cluster"
	}
	name, found := strings.CutSuffix(strings.TrimPrefix(server, "https://"), ".clusters.example")
	if found {
		return name
	}
	return "name-of-" + strings.NewReplacer("/", "-", ":", "-").Replace(server)
}

func (clusters) GetCluster(_ context.Context, server string) (*v1alpha1.Cluster, error) {
	return &v1alpha1.Cluster{Server: server, Name: nameOfServer(server)}, nil
}

func (clusters) GetClusterServersByName(_ context.Context, name string) ([]string, error) {
	return []string{serverOfName(name)}, nil
}

// Clusters may belong to a project alone; these do to each, since a policy does not say.
func (clusters) GetProjectClusters(context.Context, string) ([]*v1alpha1.Cluster, error) {
	return []*v1alpha1.Cluster{{Server: inCluster, Name: "in-cluster"}, {Server: "https://prod.example", Name: "prod"}}, nil
}

func noProjectClusters(string) ([]*v1alpha1.Cluster, error) { return nil, nil }

// judgement collects what they say against a set of resources, as "kind/name: what".
type judgement struct {
	projects     map[string]*v1alpha1.AppProject
	applications map[string]*v1alpha1.Application
	complaints   []string
	// exact: what is read and written again is the same to the letter. Not asked where a template or a patch says false, or
	// gives an empty text: Argo CD loses these when it writes the resource, and the next sync sets them again.
	exact bool
}

func (j *judgement) complain(resource *unstructured.Unstructured, format string, values ...any) {
	j.complaints = append(j.complaints,
		fmt.Sprintf("%s/%s: ", resource.GetKind(), resource.GetName())+fmt.Sprintf(format, values...))
}

// judge validates what is applied together. The root project exists besides.
func judge(t testing.TB, all []*unstructured.Unstructured, exact bool) *judgement {
	t.Helper()
	j := &judgement{exact: exact, projects: map[string]*v1alpha1.AppProject{}, applications: map[string]*v1alpha1.Application{}}
	j.projects[rootProject] = bootstrapProject()
	known, err := definitions()
	if err != nil {
		t.Fatal(err)
	}
	for _, resource := range all {
		one, isKnown := known[resource.GetKind()]
		if !isKnown || resource.GetAPIVersion() != "argoproj.io/v1alpha1" {
			j.complain(resource, "%s is not of Argo CD", resource.GroupVersionKind())
			continue
		}
		j.judgeSchema(resource, one)
		if resource.GetKind() == "AppProject" {
			j.judgeProject(resource)
		}
	}
	for _, resource := range all {
		if resource.GetKind() == "Application" {
			j.judgeApplication(resource)
		}
	}
	return j
}

// bootstrapProject is the project of the roots, which is outside of the root set.
func bootstrapProject() *v1alpha1.AppProject {
	project := &v1alpha1.AppProject{}
	project.Name, project.Namespace = rootProject, argocdNamespace
	project.Spec.SourceRepos = []string{"*"}
	project.Spec.Destinations = []v1alpha1.ApplicationDestination{{Server: inCluster, Namespace: argocdNamespace}}
	return project
}

// judgeSchema validates as the API server does: by the schema, and no field that it would drop.
func (j *judgement) judgeSchema(resource *unstructured.Unstructured, one definition) {
	for _, err := range validation.ValidateCustomResource(nil, resource.Object, one.validator) {
		j.complain(resource, "schema: %v", err)
	}
	options := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	for _, path := range pruning.PruneWithOptions(resource.DeepCopy().Object, one.structural, true, options) {
		j.complain(resource, "unknown field %s", path)
	}
}

// judgeMetadata validates as the API server does, after it has read the metadata into its own type.
func (j *judgement) judgeMetadata(resource *unstructured.Unstructured, metadata metav1.ObjectMeta) {
	if metadata.Namespace == "" {
		metadata.Namespace = argocdNamespace // Argo CD applies it to the destination's
	}
	for _, err := range apivalidation.ValidateObjectMeta(&metadata, true, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata")) {
		j.complain(resource, "%v", err)
	}
}

// decode reads a resource into Argo CD's type, strictly, and asks that the type gives back what was read: whatever is
// lost there is out of sync for ever, as soon as Argo CD writes the resource.
func (j *judgement) decode(resource *unstructured.Unstructured, into any) bool {
	text, err := json.Marshal(resource.Object)
	if err != nil {
		j.complain(resource, "%v", err)
		return false
	}
	unknown, err := kubejson.UnmarshalStrict(text, into)
	for _, one := range unknown {
		j.complain(resource, "decoding: %v", one)
	}
	if err != nil {
		j.complain(resource, "decoding: %v", err)
		return false
	}
	var back map[string]any
	if text, err = json.Marshal(into); err == nil {
		err = kubejson.UnmarshalCaseSensitivePreserveInts(text, &back)
	}
	if err != nil {
		j.complain(resource, "encoding: %v", err)
		return false
	}
	delete(back, "status")
	read := resource.Object
	if !j.exact {
		read, back = withoutZeros(read).(object), withoutZeros(back).(object)
	}
	if metadata, ok := back["metadata"].(map[string]any); ok {
		delete(metadata, "creationTimestamp")
	}
	if lost := cmp.Diff(read, back); lost != "" {
		j.complain(resource, "unstable: read and written it is another one: %s", lost)
	}
	return true
}

// validateProject also tells of a panic: a schedule that is a time zone alone gives one, and so does a window that is null.
func validateProject(project *v1alpha1.AppProject) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("panic: %v", problem)
		}
	}()
	if err = project.ValidateProject(); err == nil {
		_, err = project.Spec.SyncWindows.CanSync(false, nil)
	}
	return err
}

// withoutZeros leaves out what Argo CD's types cannot tell from nothing: false, 0, and empty texts, lists and maps.
func withoutZeros(value any) any {
	switch node := value.(type) {
	case map[string]any:
		out := object{}
		for name, one := range node {
			if one = withoutZeros(one); one != nil && !reflect.ValueOf(one).IsZero() {
				out[name] = one
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	case []any:
		if len(node) == 0 {
			return nil
		}
		out := make([]any, len(node))
		for i, one := range node {
			out[i] = withoutZeros(one)
		}
		return out
	}
	return value
}

func (j *judgement) judgeProject(resource *unstructured.Unstructured) {
	project := &v1alpha1.AppProject{}
	if !j.decode(resource, project) {
		return
	}
	j.judgeMetadata(resource, project.ObjectMeta)
	if !argo.IsValidProjectName(project.Name) {
		j.complain(resource, "no name of a project")
	}
	if err := validateProject(project.DeepCopy()); err != nil {
		j.complain(resource, "ValidateProject: %v", err)
		return
	}
	normal := project.DeepCopy()
	normal.NormalizePolicies()
	normal.NormalizeJWTTokens()
	if changed := cmp.Diff(project.Spec, normal.Spec); changed != "" {
		j.complain(resource, "unstable: normalizing changes %s", changed)
	}
	j.projects[project.Name] = project
}

func (j *judgement) judgeApplication(resource *unstructured.Unstructured) {
	application := &v1alpha1.Application{}
	if !j.decode(resource, application) {
		return
	}
	j.judgeMetadata(resource, application.ObjectMeta)
	if !argo.IsValidAppName(application.Name) {
		j.complain(resource, "no name of an application")
	}
	if j.applications[application.Name] != nil {
		j.complain(resource, "stands there twice")
	}
	j.applications[application.Name] = application
	if changed := cmp.Diff(application.Spec, *argo.NormalizeApplicationSpec(&application.Spec)); changed != "" {
		j.complain(resource, "unstable: normalizing changes %s", changed)
	}
	if !argo.IsValidNamespaceName(application.Spec.Destination.Namespace) {
		j.complain(resource, "destination: %q is no namespace", application.Spec.Destination.Namespace)
	}
	project := j.projects[application.Spec.Project]
	if project == nil {
		j.complain(resource, "there is no project %q", application.Spec.Project)
		return
	}
	conditions, err := argo.ValidatePermissions(context.Background(), &application.Spec, project, clusters{})
	if err != nil {
		j.complain(resource, "ValidatePermissions: %v", err)
	}
	for _, condition := range conditions {
		j.complain(resource, "%s: %s", condition.Type, condition.Message)
	}
	j.judgeSyncPolicy(resource, application)
}

func (j *judgement) judgeSyncPolicy(resource *unstructured.Unstructured, application *v1alpha1.Application) {
	policy := application.Spec.SyncPolicy
	if policy == nil || policy.Retry == nil {
		return
	}
	// The controller parses these when a sync has failed, and gives up where it cannot.
	if _, err := policy.Retry.NextRetryAt(time.Unix(0, 0), 1); err != nil {
		j.complain(resource, "retry: %v", err)
	}
}
