// The plugin's parameters against Argo CD's own kustomize source: the same overlay, the same options, the same manifests.
package argocd

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/argoproj/argo-cd/v3/cmpserver"
	"github.com/argoproj/argo-cd/v3/cmpserver/plugin"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/git"
	utilio "github.com/argoproj/argo-cd/v3/util/io"
	"github.com/google/go-cmp/cmp"
	log "github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"
)

const overlayPath = "apps/shop/k8s/overlays/prod"

// pluginServer serves argo/install/plugin.yaml with Argo CD's own server in this process, once.
var pluginServer = sync.OnceValue(func() error {
	directory, err := os.MkdirTemp("", "cmp") // a socket's path may have 108 bytes
	if err != nil {
		return err
	}
	if err := os.Symlink(*program, filepath.Join(directory, "rootapp")); err != nil {
		return err
	}
	os.Setenv("PATH", directory+":"+os.Getenv("PATH"))
	os.Setenv("ARGOCD_PLUGINSOCKFILEPATH", directory)
	os.Setenv("ARGOCD_CMP_WORKDIR", directory)
	config, err := plugin.ReadPluginConfig("../../argo/install")
	if err != nil {
		return err
	}
	server, err := cmpserver.NewServer(plugin.CMPServerInitConstants{PluginConfig: *config})
	if err != nil {
		return err
	}
	service, err := server.CreateGRPC()
	if err != nil {
		return err
	}
	listener, err := net.Listen("unix", config.Address())
	if err != nil {
		return err
	}
	go func() { _ = service.Serve(listener) }()
	return nil
})

// manifests asks Argo CD's repo-server code for an overlay.
func manifests(repository, path string, source v1alpha1.ApplicationSource) ([]string, error) {
	return manifestsOf(repository, path, source, "")
}

// manifestsOf sends the plugin only what the annotation manifest-generate-paths names, where there is one.
func manifestsOf(root, path string, source v1alpha1.ApplicationSource, paths string) ([]string, error) {
	source.RepoURL, source.Path, source.TargetRevision = passedURL, path, "release/1.2"
	request := &apiclient.ManifestRequest{Repo: &v1alpha1.Repository{Repo: passedURL}, AppName: "shop-prod", Namespace: "shop-prod",
		ProjectName: "default-prod", ApplicationSource: &source, KubeVersion: "1.31.0", AnnotationManifestGeneratePaths: paths}
	response, err := repository.GenerateManifests(context.Background(), filepath.Join(root, path), root, "0123456789abcdef0123456789abcdef01234567",
		request, false, git.NoopCredsStore{}, resource.MustParse("10M"), utilio.NewRandomizedTempPaths(os.TempDir()),
		repository.WithCMPUseManifestGeneratePaths(paths != ""), repository.WithCMPTarExcludedGlobs([]string{".git"}))
	if err != nil {
		return nil, err
	}
	return response.Manifests, nil
}

// equivalent are the plugin's parameters for options of the native source.
func equivalent(options v1alpha1.ApplicationSourceKustomize) v1alpha1.ApplicationSourcePluginParameters {
	var all v1alpha1.ApplicationSourcePluginParameters
	text := func(name, value string) {
		if value != "" {
			all = append(all, v1alpha1.ApplicationSourcePluginParameter{Name: name, String_: &value})
		}
	}
	isTrue := func(name string, value bool) {
		if value {
			text(name, "true")
		}
	}
	list := func(name string, values []string) {
		if len(values) > 0 {
			all = append(all, v1alpha1.ApplicationSourcePluginParameter{Name: name, OptionalArray: &v1alpha1.OptionalArray{Array: values}})
		}
	}
	pairs := func(name string, values map[string]string) {
		if len(values) > 0 {
			all = append(all, v1alpha1.ApplicationSourcePluginParameter{Name: name, OptionalMap: &v1alpha1.OptionalMap{Map: values}})
		}
	}
	text("namePrefix", options.NamePrefix)
	text("nameSuffix", options.NameSuffix)
	text("namespace", options.Namespace)
	var images, patches []string
	for _, image := range options.Images {
		images = append(images, string(image))
	}
	for _, patch := range options.Patches {
		written, err := yaml.Marshal(patch)
		if err != nil {
			panic(err)
		}
		patches = append(patches, string(written))
	}
	replicas := map[string]string{}
	for _, replica := range options.Replicas {
		replicas[replica.Name] = replica.Count.String()
	}
	list("images", images)
	list("patches", patches)
	list("components", options.Components)
	pairs("replicas", replicas)
	pairs("commonLabels", options.CommonLabels)
	pairs("commonAnnotations", options.CommonAnnotations)
	isTrue("labelWithoutSelector", options.LabelWithoutSelector)
	isTrue("labelIncludeTemplates", options.LabelIncludeTemplates)
	isTrue("forceCommonLabels", options.ForceCommonLabels)
	isTrue("forceCommonAnnotations", options.ForceCommonAnnotations)
	isTrue("commonAnnotationsEnvsubst", options.CommonAnnotationsEnvsubst)
	text("kubeVersion", options.KubeVersion)
	list("apiVersions", options.APIVersions)
	isTrue("ignoreMissingComponents", options.IgnoreMissingComponents)
	return all
}

var workloads = map[string]string{
	"deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, labels: {app: shop, tier: web}}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}, annotations: {note: x}}
    spec:
      serviceAccountName: shop
      initContainers: [{name: init, image: "busybox"}]
      containers:
        - {name: shop, image: "registry.example:5000/shop:1.0", env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}]}
        - {name: proxy, image: "envoyproxy/envoy@sha256:0000000000000000000000000000000000000000000000000000000000000000"}
`,
	"statefulset.yaml": `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: postgres:15}]}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]
`,
	"service.yaml": `apiVersion: v1
kind: Service
metadata: {name: shop, annotations: {note: y}}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-prod}
`,
	"job.yaml": `apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  schedule: "@daily"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: report, image: "shop/report:2"}]}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop}
spec: {selector: {matchLabels: {app: shop}}, minAvailable: 1}
`,
}

// overlay is a repository with one overlay over a base of some workloads.
func (c chance) overlayTree(t testing.TB) files {
	t.Helper()
	base := object{"resources": append([]string{"deployment.yaml", "service.yaml"}, some(c, 0, 2, "statefulset.yaml", "job.yaml")...)}
	c.maybe(1, base, "configMapGenerator", []object{{"name": "settings", "literals": []string{"a=1", "b=2"}}})
	top := object{"resources": []string{"../../base"}}
	c.maybe(3, top, "namePrefix", "was-")
	c.maybe(4, top, "nameSuffix", "-was")
	c.maybe(3, top, "namespace", "was")
	c.maybe(3, top, "commonLabels", some2(c, map[string]string{"team": "a", "env": "prod"}))
	c.maybe(3, top, "labels", some(c, 1, 3, object{"pairs": map[string]string{"l1": "x"}}, object{"pairs": map[string]string{"l2": "x", "env": "t"},
		"includeTemplates": true}, object{"pairs": map[string]string{"l3": "x"}, "includeSelectors": true},
		object{"pairs": map[string]string{"l4": "x"}, "fields": []object{{"path": "spec/template/metadata/labels", "kind": "Deployment", "create": true}}}))
	c.maybe(3, top, "commonAnnotations", some2(c, map[string]string{"note": "z", "owner": "b"}))
	c.maybe(3, top, "images", some(c, 1, 2, object{"name": "busybox", "newTag": "1.36"}, object{"name": "postgres", "newName": "mirror/postgres", "newTag": "16"},
		object{"name": "registry.example:5000/shop", "digest": "sha256:1111111111111111111111111111111111111111111111111111111111111111"},
		object{"name": "shop/report", "newTag": "3", "tagSuffix": "-slim"}))
	c.maybe(4, top, "replicas", some(c, 1, 2, object{"name": "shop", "count": 2}, object{"name": "db", "count": 3}))
	c.maybe(4, top, "components", []string{"../../../../../components/one"})
	c.maybe(4, top, "patches", []object{{"target": object{"kind": "Deployment"}, "patch": "- {op: add, path: /spec/paused, value: true}\n"}})
	c.maybe(6, top, "configMapGenerator", []object{{"name": "settings", "behavior": pick(c, "merge", "create"), "literals": []string{"c=3"}}})
	component := func(name string) string {
		return "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- target: {kind: " + pick(c, "Deployment", "Service", "StatefulSet") +
			"}\n  patch: |\n    - {op: add, path: /metadata/annotations, value: {component: " + name + "}}\n"
	}
	tree := files{"components/one/kustomization.yaml": component("one"), "components/two/kustomization.yml": component("two")}
	for name, text := range workloads {
		tree["apps/shop/k8s/base/"+name] = text
	}
	for path, value := range map[string]object{"apps/shop/k8s/base/kustomization.yaml": base,
		overlayPath + "/" + pick(c, "kustomization.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization"): top} {
		text, err := yaml.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		tree[path] = pick(c, "", "# of the shop\n", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n") + string(text)
	}
	tree[overlayPath+"/patch.yaml"] = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {spec: {priorityClassName: high}}}\n"
	return tree
}

func some2(c chance, from map[string]string) map[string]string {
	out := map[string]string{}
	for _, name := range some(c, 1, len(from), slices.Sorted(maps.Keys(from))...) {
		out[name] = from[name]
	}
	return out
}

func (c chance) options() v1alpha1.ApplicationSourceKustomize {
	var options v1alpha1.ApplicationSourceKustomize
	often := func() bool { return c.one(3) }
	wrong := func() bool { return c.one(15) }
	if often() {
		for _, image := range some(c, 1, 3, "busybox:1.37", "postgres=other/postgres:17@sha256:2222222222222222222222222222222222222222222222222222222222222222",
			"registry.example:5000/shop:v$ARGOCD_APP_REVISION_SHORT", "registry.example:5000/shop=*:2.0", "shop/report=example/report", "postgres=*:*@*",
			"envoyproxy/envoy@sha256:3333333333333333333333333333333333333333333333333333333333333333", "busybox=:x", "a=b=c:1", "unused:1",
			"${ARGOCD_APP_NAME}:${UNKNOWN}1", "busybox:$$HOME", "shop/report=*", "busybox:1:2", "postgres:") {
			options.Images = append(options.Images, v1alpha1.KustomizeImage(image))
		}
		if wrong() {
			options.Images = append(options.Images, pick(c, v1alpha1.KustomizeImage("none"), v1alpha1.KustomizeImage(""), "-x:1", "shop/report"))
		}
	}
	if often() {
		for _, name := range some(c, 1, 2, "shop", "db") {
			options.Replicas = append(options.Replicas, v1alpha1.KustomizeReplica{Name: name,
				Count: pick(c, intstr.FromInt32(0), intstr.FromInt32(5), intstr.FromString("4"), intstr.FromString("+2"))})
		}
		if wrong() {
			options.Replicas[0].Count = intstr.FromString(pick(c, "x", "", "1.5", " 1"))
		}
	}
	if often() {
		options.NamePrefix = pick(c, "p-", "-x", "1")
	}
	if often() {
		options.NameSuffix = pick(c, "-s", "-v2", "x")
	}
	if often() {
		options.Namespace = pick(c, "other", "shop-prod", "a.b")
	}
	if often() {
		options.CommonLabels = some2(c, map[string]string{"team": "b", "env": "$ARGOCD_APP_NAME", "l1": "new", "l2": "y", "l9": `"quoted"`, "number": "1", "yes": "true",
			"example.com/rev": "${ARGOCD_APP_REVISION_SHORT_8}", "colon": "a:b", "empty": ""})
		options.LabelWithoutSelector = c.one(2)
		options.LabelIncludeTemplates = options.LabelWithoutSelector && c.one(2) || wrong()
		options.ForceCommonLabels = !c.one(6)
	}
	if often() {
		options.CommonAnnotations = some2(c, map[string]string{"note": "n", "owner": "c", "path": "$ARGOCD_APP_SOURCE_PATH", "price": "$$5", "q": `"q"`,
			"revision": "${ARGOCD_APP_SOURCE_TARGET_REVISION}", "json": `{"a": "b,c"}`, "lines": "a\nb", "number": "007", "open": "${", "odd": "a$ b$-c$1d"})
		options.CommonAnnotationsEnvsubst = c.one(2)
		options.ForceCommonAnnotations = !c.one(6)
	}
	if often() {
		options.Patches = some(c, 1, 2, v1alpha1.KustomizePatch{Patch: "- op: replace\n  path: /spec/replicas\n  value: 7\n",
			Target: &v1alpha1.KustomizeSelector{KustomizeResId: v1alpha1.KustomizeResId{KustomizeGvk: v1alpha1.KustomizeGvk{Kind: "Deployment"}}}},
			v1alpha1.KustomizePatch{Path: "patch.yaml"},
			v1alpha1.KustomizePatch{Patch: "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n  labels: {patched: \"yes\"}\n"},
			v1alpha1.KustomizePatch{Patch: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: renamed\n", Options: map[string]bool{"allowNameChange": true},
				Target: &v1alpha1.KustomizeSelector{KustomizeResId: v1alpha1.KustomizeResId{Name: "shop"}, LabelSelector: "tier=web"}})
		if wrong() {
			options.Patches = append(options.Patches, pick(c, v1alpha1.KustomizePatch{Path: "missing.yaml"}, v1alpha1.KustomizePatch{Patch: "{"},
				v1alpha1.KustomizePatch{Options: map[string]bool{"unknown": true}, Patch: "kind: X"}))
		}
	}
	if often() {
		// With ignoreMissingComponents Argo CD stops at the first one that is there, so there is one at most here.
		components := "../../../../../components/"
		if options.IgnoreMissingComponents = c.one(2); options.IgnoreMissingComponents || wrong() {
			options.Components = pick(c, []string{components + "two", components + "none"}, []string{components + "none"},
				[]string{components + "none", components + "one"}, []string{"nowhere", "../../../../../../outside"})
		} else {
			options.Components = pick(c, []string{components + "one"}, []string{components + "one", components + "two"}, []string{"../../../../.." + "/components/two/"})
		}
	}
	return options
}

func needNative(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("kustomize"); err != nil {
		t.Skip("no kustomize is in PATH")
	}
	log.SetLevel(log.ErrorLevel)
	if err := pluginServer(); err != nil {
		t.Fatal(err)
	}
}

func render(t testing.TB, tree files, source v1alpha1.ApplicationSource) ([]string, error) {
	t.Helper()
	repository := t.TempDir()
	defer os.RemoveAll(repository)
	tree.write(t, repository)
	return manifests(repository, overlayPath, source)
}

// TestParameters renders random overlays with random options natively and by the plugin.
func TestParameters(t *testing.T) {
	needNative(t)
	same, refused := 0, 0
	for seed := *firstSeed; seed < *firstSeed+uint64(*overlays); seed++ {
		c := newChance(seed)
		tree, options := c.overlayTree(t), c.options()
		theirs, err1 := render(t, tree, v1alpha1.ApplicationSource{Kustomize: &options})
		ours, err2 := render(t, tree, v1alpha1.ApplicationSource{Plugin: &v1alpha1.ApplicationSourcePlugin{Name: "rootapp", Parameters: equivalent(options)}})
		switch {
		case err1 == nil && err2 == nil && slices.Equal(theirs, ours):
			same++
		case err1 != nil && err2 != nil:
			refused++
		default:
			written, _ := yaml.Marshal(options)
			t.Errorf("seed %d: natively: %v; by the plugin: %v\n%s\n%s\n%s", seed, firstLine(err1), firstLine(err2), cmp.Diff(theirs, ours), written, overlayText(tree))
		}
	}
	t.Logf("of %d overlays %d are the same, %d refused by both", *overlays, same, refused)
	if same < *overlays/3 {
		t.Errorf("only %d of %d overlays render: the family tests too little", same, *overlays)
	}
}

// TestAnnouncement asks the plugin server what the user interface may offer: every option of the native source but the version.
func TestAnnouncement(t *testing.T) {
	output, err := exec.Command(*program, "parameters").Output()
	if err != nil {
		t.Fatal(err)
	}
	var announced []apiclient.ParameterAnnouncement
	if err := json.Unmarshal(output, &announced); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"version": true}
	for _, one := range announced {
		known[one.Name] = true
	}
	options := reflect.TypeFor[v1alpha1.ApplicationSourceKustomize]()
	for i := range options.NumField() {
		name, _, _ := strings.Cut(options.Field(i).Tag.Get("json"), ",")
		if !known[name] {
			t.Errorf("source.kustomize.%s is no parameter", name)
		}
	}
}

// BenchmarkSources renders one overlay in repositories of different sizes through Argo CD's code; narrowed: only the app's
// directory is sent to the plugin (--plugin-use-manifest-generate-paths). tests/argocd/run -test.run NONE -test.bench Sources
func BenchmarkSources(b *testing.B) {
	needNative(b)
	for _, others := range []int{0, 200, 1000} {
		tree := files{overlayPath + "/kustomization.yaml": "resources: [../../base]\nnamePrefix: prod-\n",
			"apps/shop/k8s/base/kustomization.yaml": "resources: [deployment.yaml, statefulset.yaml, service.yaml, job.yaml]\n"}
		for name, text := range workloads {
			tree["apps/shop/k8s/base/"+name] = text
		}
		for i := range others {
			tree[fmt.Sprintf("apps/other-%d/k8s/base/deployment.yaml", i)] = fmt.Sprintf("# %d\n%s", i, workloads["deployment.yaml"])
		}
		repository := b.TempDir()
		tree.write(b, repository)
		ours := v1alpha1.ApplicationSource{Plugin: &v1alpha1.ApplicationSourcePlugin{Name: "rootapp"}}
		for _, one := range []struct {
			name   string
			source v1alpha1.ApplicationSource
			paths  string
		}{{"native", v1alpha1.ApplicationSource{}, ""}, {"plugin", ours, ""}, {"narrowed", ours, "/apps/shop"}} {
			b.Run(fmt.Sprintf("%s/files=%d", one.name, len(tree)), func(b *testing.B) {
				before := processorTime(b)
				for b.Loop() {
					if _, err := manifestsOf(repository, overlayPath, one.source, one.paths); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((processorTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			})
		}
	}
}

// processorTime is that of this process and of the programs that it ran.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var total time.Duration
	for _, whose := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if err := syscall.Getrusage(whose, &usage); err != nil {
			b.Fatal(err)
		}
		total += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	return total
}

func firstLine(err error) string {
	if err == nil {
		return "rendered"
	}
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	return strings.Join(lines[max(0, len(lines)-2):], " ")
}

func overlayText(tree files) string {
	for name, text := range tree {
		if strings.HasPrefix(name, overlayPath+"/") && strings.Contains(strings.ToLower(name), "kustomization") {
			return fmt.Sprintf("%s:\n%s", name, text)
		}
	}
	return ""
}
