// What GitOps Promoter's own code reads of branches that `rootapp render --branch --next` has pushed. run copies it into Promoter's
// package git.
package git_test

import (
	"context"
	"os"
	"testing"

	"github.com/argoproj-labs/gitops-promoter/api/v1alpha1"
	"github.com/argoproj-labs/gitops-promoter/internal/git"
)

type provider struct{ url string }

func (p provider) GetGitHttpsRepoUrl(v1alpha1.GitRepository) string { return p.url }
func (p provider) GetToken(context.Context) (string, error)         { return "", nil }
func (p provider) GetUser(context.Context) (string, error)          { return "", nil }

func TestRootapp(t *testing.T) {
	ctx := context.Background()
	rendered, noted := os.Getenv("RENDERED"), os.Getenv("NOTED") // the commits that were rendered: with a change, and last
	operations := git.NewEnvironmentOperations(&v1alpha1.GitRepository{}, provider{os.Getenv("REPOSITORY")}, "test")
	if err := operations.CloneRepo(ctx); err != nil {
		t.Fatal(err)
	}
	if err := operations.FetchNotes(ctx); err != nil {
		t.Fatal(err)
	}
	for _, branch := range []string{"rendered/dev", "rendered/dev-next"} {
		shas, err := operations.GetBranchShas(ctx, branch, "", "")
		if err != nil {
			t.Fatal(err)
		}
		note, err := operations.GetHydratorNote(ctx, shas.Hydrated)
		if err != nil {
			t.Fatal(err)
		}
		if note == nil {
			t.Fatalf("%s: no note on %s", branch, shas.Hydrated)
		}
		state, err := operations.GetShaMetadataFromFile(ctx, shas.Hydrated, "")
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: metadata %.7s, note %.7s, author %q, subject %q, body %q, %d references", branch, shas.Dry, note.DrySha, state.Author, state.Subject, state.Body,
			len(state.References))
		if branch == "rendered/dev" {
			continue
		}
		if shas.Dry != rendered || note.DrySha != noted {
			t.Errorf("%s: metadata %s, note %s; wanted %s and %s", branch, shas.Dry, note.DrySha, rendered, noted)
		}
		if state.Author != "Ann <ann@example.com>" || state.Subject != "shop/dev: example/shop 1 -> 2" || state.CommitTime.IsZero() {
			t.Errorf("%s: %+v", branch, state)
		}
		if len(state.References) != 1 || state.References[0].Commit == nil || state.References[0].Commit.Sha != "0123456789abcdef0123456789abcdef01234567" ||
			state.References[0].Commit.Author != "Bo Chen <bo@example.com>" {
			t.Errorf("%s: %+v", branch, state.References)
		}
	}
	conflict, err := operations.HasConflict(ctx, "rendered/dev-next", "rendered/dev")
	if err != nil || conflict {
		t.Errorf("conflict %v, %v", conflict, err)
	}
}
