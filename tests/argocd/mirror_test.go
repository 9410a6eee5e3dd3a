package argocd

import (
	"testing"
	_ "unsafe" // for go:linkname

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	_ "github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/app/path"
)

//go:linkname sentDirectory github.com/argoproj/argo-cd/v3/reposerver/repository.getApplicationRootPath
func sentDirectory(q *apiclient.ManifestRequest, appPath, repoPath string) string

// TestMirrorPaths holds what spec.mirror relies on: a path behind a blank refreshes an Application, and is not sent for it.
func TestMirrorPaths(t *testing.T) {
	for _, test := range []struct{ annotation, path, sent, changed, unchanged string }{
		{"/apps/shop/k8s; /_components/a", "apps/shop/k8s/overlays/dev", "/repo/apps/shop/k8s", "_components/a/patch.yaml", "_components/b/patch.yaml"},
		{"/apps/shop/k8s; /apps", "apps/shop/k8s/overlays/dev", "/repo/apps/shop/k8s", "apps/other/x.yaml", "docs/x.md"},
		{"/argo/root; /", "argo/root", "/repo/argo/root", "anything/at/all", ""},
	} {
		request := &apiclient.ManifestRequest{AnnotationManifestGeneratePaths: test.annotation}
		if sent := sentDirectory(request, "/repo/"+test.path, "/repo"); sent != test.sent {
			t.Errorf("%q sends %s, not %s", test.annotation, sent, test.sent)
		}
		app := &v1alpha1.Application{}
		app.Annotations = map[string]string{v1alpha1.AnnotationKeyManifestGeneratePaths: test.annotation}
		refresh := path.GetSourceRefreshPaths(app, v1alpha1.ApplicationSource{Path: test.path})
		if !path.AppFilesHaveChanged(refresh, []string{test.changed}) {
			t.Errorf("%q does not refresh for %s", test.annotation, test.changed)
		}
		if test.unchanged != "" && path.AppFilesHaveChanged(refresh, []string{test.unchanged}) {
			t.Errorf("%q refreshes for %s", test.annotation, test.unchanged)
		}
	}
}
