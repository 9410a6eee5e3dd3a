// What is printed is what was checked: gitops-engine's own reader finds in it what rootapp has put there, and nothing that it refuses.
package argocd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// identity is how kustomize names the file of one object: build -o DIR.
func identity(object *unstructured.Unstructured) string {
	kind := object.GroupVersionKind()
	parts := slices.DeleteFunc([]string{kind.Group, kind.Version, kind.Kind, object.GetName()}, func(part string) bool { return part == "" })
	return strings.ToLower(strings.Join(parts, "_")) + ".yaml"
}

func run(t *testing.T, words ...string) ([]byte, error) {
	t.Helper()
	var out bytes.Buffer
	command := exec.Command(*program, words...)
	command.Stdout = &out
	err := command.Run()
	return out.Bytes(), err
}

// TestPrintedCases builds all conformance cases: as many objects as files, of the same kinds, groups and names, each the same value.
func TestPrintedCases(t *testing.T) {
	inputs, err := filepath.Glob("../cases/*/*/expected.yaml")
	if err != nil || len(inputs) < 100 {
		t.Fatalf("%d cases: %v", len(inputs), err)
	}
	objects, skipped := 0, 0
	for _, expected := range inputs {
		place := filepath.Join(filepath.Dir(expected), "input")
		if root, err := os.ReadFile(filepath.Join(filepath.Dir(expected), "root")); err == nil {
			place = filepath.Join(place, strings.TrimSpace(string(root)))
		}
		directory := t.TempDir()
		text, err := run(t, "build", place)
		if _, again := run(t, "build", place, "-o", directory); err != nil || again != nil {
			skipped++ // with options of its own, or two objects of one file
			continue
		}
		read, err := kube.SplitYAML(text)
		if err != nil {
			skipped++ // an object without a kind, as kustomize prints it
			continue
		}
		files, _ := filepath.Glob(filepath.Join(directory, "*.yaml"))
		if len(files) != len(read) {
			t.Errorf("%s: %d objects, and %d files", place, len(read), len(files))
			continue
		}
		for _, object := range read {
			if object.GetName() == "" {
				continue // a number, as kustomize prints it
			}
			objects++
			name := identity(object)
			index := slices.IndexFunc(files, func(file string) bool {
				return filepath.Base(file) == name || strings.HasSuffix(filepath.Base(file), "_"+name)
			})
			if index < 0 {
				t.Errorf("%s: no file %s among %v", place, name, files)
				continue
			}
			alone, _ := os.ReadFile(files[index])
			var value map[string]any
			if err := yaml.Unmarshal(alone, &value); err != nil || value["kind"] != object.GetKind() {
				t.Errorf("%s: %s is read as kind %v: %v", place, name, value["kind"], err)
			}
		}
	}
	t.Logf("%d objects of %d cases, %d left out", objects, len(inputs), skipped)
	if objects < 200 || skipped > len(inputs)/2 {
		t.Errorf("too little was compared")
	}
}

// disguised is a word that a reader may take for the wanted one.
func (c chance) disguised(word string) string {
	bytes := []byte(word)
	at := c.IntN(len(bytes))
	letter := bytes[at]
	split := func(middle string) string { return word[:at] + middle + word[at+1:] }
	overlong := string([]byte{0xc0 | letter>>6, 0x80 | letter&0x3f})
	return pick(c, word, `"`+word+`"`, "'"+word+"'", "!!str "+word, "!!binary "+word, "&a "+word, `"`+split(fmt.Sprintf(`\x%02x`, letter))+`"`,
		`"`+split(fmt.Sprintf(`\u%04x`, letter))+`"`, `"`+split(overlong)+`"`, split(overlong), `"`+split(string([]byte{letter | 0x80}))+`"`,
		`"`+word+`\0"`, `"`+word+` "`, "|-\n    "+word, ">\n    "+word, "\ufeff"+word, `"\`+"\n    "+word+`"`, `"`+split(string(letter)+"\u200b")+`"`,
		`"`+word+`\r"`, `"`+word+"\u2028\"", `"\u000a---\u000a`+word+`"`)
}

// disguise is a kustomization of a tenant that would like to have a Secret or an Application.
func (c chance) disguise() files {
	version, kind := pick(c, "v1", "argoproj.io/v1alpha1", "rootapp.dev/v1alpha1"), "Secret"
	if version != "v1" {
		kind = pick(c, "Application", "AppProject", "RootApp", "Rollout")
	}
	harmless := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n"
	keys := []string{c.disguised("apiVersion"), c.disguised("kind")}
	for i := range keys { // of a key in one line
		if strings.Contains(keys[i], "\n") {
			keys[i] = []string{"apiVersion", "kind"}[i]
		}
	}
	object := fmt.Sprintf("%s: %s\n%s: %s\nmetadata: {name: a}\ndata: {a: b}\n", keys[0], c.disguised(version), keys[1], c.disguised(kind))
	tree := files{"app/harmless.yaml": harmless, "app/object.yaml": object, "app/kustomization.yaml": "resources: [object.yaml]\n"}
	operation := func(field, value string) string {
		return fmt.Sprintf("- {op: replace, path: /%s, value: %s}\n", field, value)
	}
	switch c.IntN(7) {
	case 0:
	case 1:
		tree["app/patch.yaml"] = operation("apiVersion", c.disguised(version)) + operation("kind", c.disguised(kind))
		tree["app/kustomization.yaml"] = "resources: [harmless.yaml]\npatches: [{path: patch.yaml, target: {kind: ConfigMap}}]\n"
	case 2:
		quoted := func(word string) string {
			if one := c.disguised(word); strings.HasPrefix(one, `"`) && !strings.Contains(one, "\n") {
				return one
			}
			return `"` + word + `"`
		}
		tree["app/patch.json"] = fmt.Sprintf(`[{"op":"replace","path":"/apiVersion","value":%s},{"op":"replace","path":"/kind","value":%s}]`, quoted(version), quoted(kind))
		tree["app/kustomization.yaml"] = "resources: [harmless.yaml]\npatches: [{path: patch.json, target: {kind: ConfigMap}}]\n"
	case 3:
		tree["app/object.yaml"] = harmless + pick(c, "---\n", "--- \n", "...\n---\n", "---\t\n", "--- # x\n", "\n---\n%YAML 1.1\n---\n") + object
	case 4:
		tree["app/object.yaml"] = "apiVersion: v1\nkind: " + pick(c, "List", "ConfigMapList", "XList", "Foo") + "\nmetadata: {name: l}\nitems:\n- " + strings.ReplaceAll(strings.TrimSpace(object), "\n", "\n  ") + "\n"
	case 5:
		tree["app/object.yaml"] = harmless + "text: |\n  x\n  " + strings.ReplaceAll("---\n"+object, "\n", "\n  ") + "\n"
		tree["app/kustomization.yaml"] = "resources: [object.yaml]\nnamePrefix: " + pick(c, "a-", `"a\n---\n"`, `"\x85"`) + "\n"
	case 6:
		tree["app/object.yaml"] = harmless + "kind: " + c.disguised(kind) + "\n"
	}
	return tree
}

// TestDisguises lets a tenant's renders try: what is accepted is, to Argo CD, no Secret, nothing of Argo CD's, and not more than was seen.
func TestDisguises(t *testing.T) {
	accepted, refused := 0, 0
	for seed := *firstSeed; seed < *firstSeed+10*uint64(*patches); seed++ {
		repository := t.TempDir()
		tree := newChance(seed).disguise()
		tree.write(t, repository)
		command := exec.Command(*program, "generate", "--root-project", rootProject, "--refuse-secrets")
		command.Dir = filepath.Join(repository, "app")
		command.Env = append(os.Environ(), "ARGOCD_APP_NAME=a", "ARGOCD_APP_PROJECT_NAME=tenants", "ARGOCD_APP_SOURCE_PATH=app", "ARGOCD_APP_PARAMETERS=null")
		text, err := command.Output()
		os.RemoveAll(repository)
		if err != nil {
			refused++
			continue
		}
		accepted++
		read, err := kube.SplitYAML(text)
		if err != nil && !strings.Contains(err.Error(), "kind") && !strings.Contains(err.Error(), "Kind") {
			t.Errorf("seed %d: %v\n%s", seed, err, text)
		}
		var all []*unstructured.Unstructured
		for _, object := range read {
			all = append(all, object)
			_ = object.EachListItem(func(item runtime.Object) error {
				all = append(all, item.(*unstructured.Unstructured))
				return nil
			})
		}
		if documents := bytes.Count(text, []byte("\n---\n")) + 1; len(read) > documents {
			t.Errorf("seed %d: %d documents were printed, and %d are read\n%s", seed, documents, len(read), text)
		}
		for _, object := range all {
			group := object.GroupVersionKind().Group
			if group == "argoproj.io" || group == "rootapp.dev" || group == "" && object.GetKind() == "Secret" {
				t.Errorf("seed %d: Argo CD reads %s of group %q\n%s\n%q", seed, object.GetKind(), group, text, tree)
			}
		}
	}
	t.Logf("%d overlays are accepted, %d refused", accepted, refused)
	if accepted < *patches/2 || refused < *patches/2 {
		t.Errorf("too few of one kind: the family tests too little")
	}
}
