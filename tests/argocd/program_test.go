// Tests of rootapp against Argo CD's own code: its types, its validation, its policy engine and its plugin server.
//
//	tests/argocd/run [-policies N] [-patches N] [-overlays N] [-seed N] [-test.run NAME]
package argocd

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

const (
	rootProject     = "argocd-root"
	argocdNamespace = "argocd"
	passedURL       = "https://github.com/example/passed.git" // what Argo CD passes where a policy names no repository
)

var (
	program   = flag.String("program", "../../build/rootapp", "the rootapp to test")
	firstSeed = flag.Uint64("seed", 1, "the seed of the first random case; the next one is one higher")
	policies  = flag.Int("policies", 150, "how many random policies are generated from")
	patches   = flag.Int("patches", 400, "how many random patches a root set gets")
	overlays  = flag.Int("overlays", 120, "how many random overlays are rendered natively and by the plugin")
)

func TestMain(m *testing.M) {
	flag.Parse()
	path, err := filepath.Abs(*program)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	*program = path
	os.Exit(m.Run())
}

// files are the texts of a repository by their paths.
type files map[string]string

func (f files) write(t testing.TB, directory string) {
	t.Helper()
	for name, text := range f {
		path := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// kustomization is the text of argo/root/kustomization.yaml, maybe with fields besides the generator.
func kustomization(more string) string {
	return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\ngenerators:\n  - rootapp.yaml\n" + more
}

// call is what Argo CD's plugin server gets for one Application of argo/root: resources, or a message.
type call struct {
	resources []*unstructured.Unstructured
	text      []byte
	message   string // what standard error said; with err, why there are no resources
	err       error
}

// generate runs the plugin's command as the plugin server does. An empty environment is the root Application.
func generate(t testing.TB, repository, environment string) call {
	t.Helper()
	parameters := []byte("null")
	if environment != "" {
		var err error
		parameters, err = json.Marshal(v1alpha1.ApplicationSourcePluginParameters{{Name: "environment", String_: &environment}})
		if err != nil {
			t.Fatal(err)
		}
	}
	var out, message bytes.Buffer
	command := exec.Command(*program, "generate", "--root-project", rootProject)
	command.Dir = filepath.Join(repository, "argo/root")
	command.Env = append(os.Environ(), "ARGOCD_APP_NAME=root", "ARGOCD_APP_NAMESPACE="+argocdNamespace,
		"ARGOCD_APP_PROJECT_NAME="+rootProject, "ARGOCD_APP_SOURCE_PATH=argo/root", "ARGOCD_APP_SOURCE_REPO_URL="+passedURL,
		"ARGOCD_APP_SOURCE_TARGET_REVISION=main", "ARGOCD_APP_PARAMETERS="+string(parameters))
	command.Stdout, command.Stderr = &out, &message
	result := call{err: command.Run(), message: message.String(), text: out.Bytes()}
	var exit *exec.ExitError
	if result.err != nil && (!errors.As(result.err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("rootapp ended with %v: %s", result.err, result.message)
	}
	if result.err != nil && out.Len() > 0 {
		t.Fatalf("rootapp failed and printed all the same:\n%s", out.String())
	}
	result.resources = resources(t, out.Bytes())
	return result
}

// resources splits a YAML stream; a key that stands twice in a mapping is an error.
func resources(t testing.TB, text []byte) []*unstructured.Unstructured {
	t.Helper()
	var all []*unstructured.Unstructured
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		data, err := yaml.YAMLToJSONStrict(document)
		if err != nil {
			t.Fatalf("%v in\n%s", err, document)
		}
		resource := &unstructured.Unstructured{}
		if err := resource.UnmarshalJSON(data); err != nil {
			t.Fatalf("%v in\n%s", err, document)
		}
		all = append(all, resource)
	}
	return all
}

var place = regexp.MustCompile(`[^ ]*rootapp\.yaml:\d+:\d+: |'[^']*'|(no target): .*`)

// withoutPlaces makes messages alike that differ in place and names only.
func withoutPlaces(message string) string {
	lines := strings.Split(strings.TrimSpace(message), "\n")
	return place.ReplaceAllString(lines[len(lines)-1], "$1…")
}
