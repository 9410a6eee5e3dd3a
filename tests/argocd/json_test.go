// `generate -o json` is what Argo CD reads from what `generate` prints: the plugin's server and repo-server, one after the other, make the
// same objects of both.
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

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// asRead is what repo-server gets: the plugin's server takes the output apart into texts, and repo-server reads each.
func asRead(output []byte) (objects []*unstructured.Unstructured, err error) {
	texts, err := kube.SplitYAMLToString(bytes.TrimSuffix(output, []byte("\n")))
	for _, text := range texts {
		read, failed := kube.SplitYAML([]byte(text))
		if failed != nil {
			return nil, failed
		}
		objects = append(objects, read...)
	}
	return objects, err
}

func generateAs(directory string, words ...string) ([]byte, error) {
	command := exec.Command(*program, append([]string{"generate"}, words...)...)
	command.Dir = directory
	return command.Output()
}

// compareForms is how many objects a directory has; 0 where none can be rendered or read.
func compareForms(t *testing.T, directory string) int {
	t.Helper()
	yaml, failed := generateAs(directory)
	json, failedToo := generateAs(directory, "-o", "json")
	if (failed == nil) != (failedToo == nil) {
		t.Errorf("%s: as YAML %v, as JSON %v", directory, failed, failedToo)
	}
	if failed != nil || failedToo != nil {
		return 0
	}
	wanted, err := asRead(yaml)
	got, errToo := asRead(json)
	if (err == nil) != (errToo == nil) {
		t.Errorf("%s: YAML is read with %v, JSON with %v\n%s", directory, err, errToo, json)
	}
	if err != nil || errToo != nil {
		return 0
	}
	if !reflect.DeepEqual(wanted, got) {
		t.Errorf("%s: YAML is read as\n%v\nand JSON as\n%v", directory, wanted, got)
	}
	return len(wanted)
}

func TestJSONOfCases(t *testing.T) {
	places := []string{"../cases/*/*/expected.yaml"}
	if shared := os.Getenv("ROOTAPP_CASES"); shared != "" {
		places = append(places, filepath.Join(shared, "*/*/expected.yaml"))
	}
	objects, rendered, cases := 0, 0, 0
	for _, place := range places {
		inputs, err := filepath.Glob(place)
		if err != nil {
			t.Fatal(err)
		}
		for _, expected := range inputs {
			directory := filepath.Join(filepath.Dir(expected), "input")
			if root, err := os.ReadFile(filepath.Join(filepath.Dir(expected), "root")); err == nil {
				directory = filepath.Join(directory, strings.TrimSpace(string(root)))
			}
			cases++
			if found := compareForms(t, directory); found > 0 {
				objects, rendered = objects+found, rendered+1
			}
		}
	}
	t.Logf("%d objects of %d cases, of %d", objects, rendered, cases)
	if objects < 500 || rendered < cases/2 {
		t.Errorf("too little was compared")
	}
}

// Scalars that one reader takes for another thing than the next one.
var scalars = []string{"yes", "No", "on", "OFF", "y", "True", "~", "null", "NULL", "''", "0x1F", "0o17", "017", "0b101", "1_000", "+1", "-0", "-0.0", "1.0", "1.10", ".5",
	"1e3", "1E400", "1e21", "1e-7", "123456789.123456789", "12:30:45", "190:20:30.15", "2001-01-01", "2001-01-01T00:00:00Z", "2001-12-14t21:59:43.10-05:00",
	"9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775808",
	"-9223372036854775809", "<<", "=", ".inf", ".NaN", "!!str 1", "!!str yes", "!!int '1'", "!!float 1", "!!float '1.5'", "!!bool 'true'", "!!bool yes", "!!null ''", "!!binary aGk=", "!own a",
	`"\x7f"`, `"\x85"`, `"a\x85b"`, `"\t"`, `"a\tb"`, `"\e"`, `"\0"`, `"\u2028"`, `"\ufeff"`, `"\U0001F600"`, "\U0001F600", `"\/"`, `"<&>"`, "'a: b'", "'# a'", "a#b", "'---'", "'...'", `"a\n---\nb"`,
	`"a\n"`, `" a"`, `"a "`, "|-\n    a\n     b", ">-\n    a\n\n    b\n     c", "|+\n    a\n\n", ">\n    a\n    b", "[]", "{}", "[~, yes, 1.0]", "{yes: no, 1: 2, 1.5: a, ~: b}", "[2001-01-01T00:00:00Z]", "{a: }"}

func TestJSONOfScalars(t *testing.T) {
	rendered := 0
	for _, where := range []string{"data: {a: %s}", "data: {a: {b: [%s]}}", "data:\n  a:\n  - %s", "data:\n  a: %s", "data:\n  ? %s\n  : b", "data: {%s: b}", "%s: b"} {
		for _, scalar := range scalars {
			if strings.Contains(scalar, "\n  ") && strings.Contains(where, "{") {
				continue
			}
			directory := t.TempDir()
			put := func(name, text string) {
				if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			put("kustomization.yaml", "resources: [a.yaml]\n")
			put("a.yaml", "apiVersion: example.com/v1\nkind: Settings\nmetadata: {name: a}\n"+fmt.Sprintf(where, scalar)+"\n")
			rendered += compareForms(t, directory)
		}
	}
	t.Logf("%d were rendered", rendered)
	if rendered < 300 {
		t.Errorf("too little was compared")
	}
}
