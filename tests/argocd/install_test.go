package argocd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/cmpserver/plugin"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const parametersMap = "argocd-cmd-params-cm"

// stockManifests are the ways in which Argo CD's own manifests install it.
var stockManifests = []string{"install", "namespace-install", "core-install", "install-with-hydrator", "ha/install", "ha/namespace-install"}

// TestInstall applies argo/install to Argo CD's own manifests: it may only add, and what it sets must be what Argo CD reads.
func TestInstall(t *testing.T) {
	for _, name := range stockManifests {
		t.Run(name, func(t *testing.T) {
			stock, err := os.ReadFile(filepath.Join(moduleDirectory(t), "manifests", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			before := installed(t, string(stock), "")
			after := installed(t, string(stock), "components: [rootapp]\n")
			added := 0
			for key, resource := range after {
				if old, found := before[key]; found {
					onlyAdds(t, key, old.Object, resource.Object)
					continue
				}
				added++
				if resource.GetKind() != "ConfigMap" || !strings.HasPrefix(resource.GetName(), "rootapp-plugin-") {
					t.Errorf("adds %s", key)
				}
			}
			if added != 1 || len(after) != len(before)+1 {
				t.Errorf("%d resources become %d, of which %d are new", len(before), len(after), added)
			}
			checkParameters(t, string(stock), after)
		})
	}
}

// TestPluginConfig reads plugin.yaml as argocd-cmp-server does at its start.
func TestPluginConfig(t *testing.T) {
	config, err := plugin.ReadPluginConfig("../../argo/install")
	if err != nil {
		t.Fatal(err)
	}
	if config.Metadata.Name != "rootapp" || config.Spec.Version != "" || config.Spec.Discover.IsDefined() || config.Spec.ProvideGitCreds {
		t.Errorf("%+v", config)
	}
}

func moduleDirectory(t *testing.T) string {
	t.Helper()
	where, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-cd/v3").Output()
	if err != nil {
		t.Fatal("go list: ", err)
	}
	return strings.TrimSpace(string(where))
}

// installed builds Argo CD's manifests with the component, or without it; the resources by kind and name.
func installed(t *testing.T, stock, components string) map[string]*unstructured.Unstructured {
	t.Helper()
	directory := t.TempDir()
	files{"install.yaml": stock, "kustomization.yaml": "namespace: argocd\nresources: [install.yaml]\n" + components}.write(t, directory)
	if err := os.CopyFS(filepath.Join(directory, "rootapp"), os.DirFS("../../argo/install")); err != nil {
		t.Fatal(err)
	}
	var message bytes.Buffer
	command := exec.Command(*program, "build", directory)
	command.Stderr = &message
	text, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, message.String())
	}
	all := map[string]*unstructured.Unstructured{}
	for _, resource := range resources(t, text) {
		all[resource.GetKind()+" "+resource.GetName()] = resource
	}
	return all
}

// onlyAdds complains where something of `old` is changed or gone; lists may have more items at their ends.
func onlyAdds(t *testing.T, place string, old, new any) {
	t.Helper()
	switch old := old.(type) {
	case map[string]any:
		fields, _ := new.(map[string]any)
		for name, value := range old {
			onlyAdds(t, place+"."+name, value, fields[name])
		}
	case []any:
		items, _ := new.([]any)
		if len(items) < len(old) {
			t.Errorf("%s: %d items are gone", place, len(old)-len(items))
			return
		}
		for i, value := range old {
			onlyAdds(t, fmt.Sprintf("%s[%d]", place, i), value, items[i])
		}
	default:
		if !reflect.DeepEqual(old, new) {
			t.Errorf("%s: %v becomes %v", place, old, new)
		}
	}
}

// checkParameters complains about a parameter that no stock container reads: it would silently have no effect.
func checkParameters(t *testing.T, stock string, all map[string]*unstructured.Unstructured) {
	t.Helper()
	data, _, _ := unstructured.NestedStringMap(all["ConfigMap "+parametersMap].Object, "data")
	if data["reposerver.plugin.tar.exclusions"] == "" {
		t.Error("no tar exclusions")
	}
	for name := range data {
		if !strings.Contains(stock, "key: "+name+"\n") {
			t.Errorf("%s: nothing reads '%s'", parametersMap, name)
		}
	}
}
