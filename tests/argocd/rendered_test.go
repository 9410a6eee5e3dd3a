// Rendered branches against the code of Argo CD's own hydrator: the same metadata, and notes that it takes for its own.
package argocd

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/commitserver/commit"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/git"
	"github.com/argoproj/argo-cd/v3/util/hydrator"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const hydratedMessage = `shop/dev: example/shop 1 -> 2

Why: <it> had to be & "quoted".

Argocd-reference-commit-sha: 0123456789abcdef0123456789abcdef01234567
Argocd-reference-commit-author: Bo Chen <bo@example.com>
Argocd-reference-commit-date: 2026-11-25T10:00:00+01:00
Argocd-reference-commit-subject: fix: the shop
Argocd-reference-commit-body: "a\n\nbody"
Argocd-reference-commit-repourl: https://example.com/shop.git
Signed-off-by: Ann <ann@example.com>
`

func inRepository(t *testing.T, directory, name string, words ...string) string {
	t.Helper()
	command := exec.Command(name, words...)
	command.Dir = directory
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.com",
		"GIT_COMMITTER_NAME=Ann", "GIT_COMMITTER_EMAIL=ann@example.com")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v: %s", name, words, err, out)
	}
	return strings.TrimSpace(string(out))
}

// theirMetadata is what Argo CD would write of a commit.
func theirMetadata(t *testing.T, client git.Client, url, revision string) hydrator.HydratorCommitMetadata {
	t.Helper()
	read, err := client.RevisionMetadata(context.Background(), revision)
	if err != nil {
		t.Fatal(err)
	}
	metadata := v1alpha1.RevisionMetadata{Author: read.Author, Date: &metav1.Time{Time: read.Date}, Message: read.Message}
	for _, reference := range read.References {
		metadata.References = append(metadata.References, v1alpha1.RevisionReference{Commit: &v1alpha1.CommitMetadata{
			Author: reference.Commit.Author.String(), Date: reference.Commit.Date, Subject: reference.Commit.Subject, Body: reference.Commit.Body,
			SHA: reference.Commit.SHA, RepoURL: reference.Commit.RepoURL}})
	}
	theirs, err := hydrator.GetCommitMetadata(url, revision, &metadata)
	if err != nil {
		t.Fatal(err)
	}
	return theirs
}

func TestRenderedBranches(t *testing.T) {
	t.Setenv("TZ", "UTC")
	work := t.TempDir()
	bare, clone := filepath.Join(work, "remote.git"), filepath.Join(work, "clone")
	url := "file://" + bare
	inRepository(t, work, "git", "init", "-q", "--bare", "-b", "main", bare)
	inRepository(t, work, "git", "init", "-q", "-b", "main", clone)
	inRepository(t, clone, "git", "remote", "add", "origin", url)
	files{
		"argo/root/kustomization.yaml": "generators: [rootapp.yaml]\n",
		"argo/root/rootapp.yaml": `apiVersion: rootapp.dev/v1alpha1
kind: RootApp
metadata: {name: apps}
spec:
  source: {repoURL: "https://github.com/example/gitops.git", targetRevision: main}
  discover: [{path: "apps/{app}/overlays/{env}"}]
  environments: [{name: dev, destination: {name: in-cluster, namespace: "{app}-{env}"}}]
  teams: [{name: default, apps: ["*"]}]
`,
		"apps/shop/overlays/dev/kustomization.yaml": "resources: [pod.yaml]\n",
		"apps/shop/overlays/dev/pod.yaml":           "{apiVersion: v1, kind: Pod, metadata: {name: shop}, spec: {containers: [{name: c, image: example/shop}]}}\n",
	}.write(t, clone)
	inRepository(t, clone, "git", "add", "-A")
	inRepository(t, clone, "git", "commit", "-q", "-m", hydratedMessage)
	rendered := inRepository(t, clone, "git", "rev-parse", "HEAD")
	inRepository(t, clone, *program, "render", "--branch")
	files{"README.md": "hello\n"}.write(t, clone)
	inRepository(t, clone, "git", "add", "-A")
	inRepository(t, clone, "git", "commit", "-q", "-m", "docs")
	noted := inRepository(t, clone, "git", "rev-parse", "HEAD")
	inRepository(t, clone, *program, "render", "--branch")

	tip := inRepository(t, bare, "git", "rev-parse", "rendered/dev")
	client, err := git.NewClientExt(url, clone, git.NopCreds{}, true, false, "", "")
	if err != nil {
		t.Fatal(err)
	}
	for revision, wanted := range map[string]bool{noted: true, rendered: false} {
		hydrated, err := commit.IsHydrated(context.Background(), client, revision, tip)
		if err != nil || hydrated != wanted {
			t.Errorf("IsHydrated(%s) is %v, %v; wanted %v", revision, hydrated, err, wanted)
		}
	}
	decoder := json.NewDecoder(strings.NewReader(inRepository(t, bare, "git", "show", "rendered/dev:hydrator.metadata")))
	decoder.DisallowUnknownFields()
	var ours hydrator.HydratorCommitMetadata
	if err := decoder.Decode(&ours); err != nil {
		t.Fatal(err)
	}
	theirs := theirMetadata(t, client, url, rendered)
	if !bytes.Contains([]byte(ours.Body), []byte("Signed-off-by")) {
		t.Errorf("body %q", ours.Body)
	}
	ours.Date, theirs.Date = strings.Replace(ours.Date, "+00:00", "Z", 1), strings.Replace(theirs.Date, "+00:00", "Z", 1)
	for _, one := range []*hydrator.HydratorCommitMetadata{&ours, &theirs} {
		for i := range one.References { // Argo CD quotes the name
			one.References[i].Commit.Author = strings.ReplaceAll(one.References[i].Commit.Author, `"`, "")
		}
	}
	if difference := cmp.Diff(theirs, ours); difference != "" {
		t.Errorf("hydrator.metadata is not what Argo CD writes (-theirs +ours):\n%s", difference)
	}
}
