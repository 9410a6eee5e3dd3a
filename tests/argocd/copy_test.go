package argocd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	archives "github.com/argoproj/argo-cd/v3/util/io/files"
	"github.com/argoproj/argo-cd/v3/util/tgzstream"
	"sigs.k8s.io/yaml"
)

// smallFiles are files of the example's size: four of 400 bytes in each directory, as overlays have.
func smallFiles(b *testing.B, count int) string {
	b.Helper()
	root := b.TempDir()
	for i := range count {
		directory := filepath.Join(root, fmt.Sprintf("apps/app-%d/k8s/overlays/env-%d", i/16, i/4%4))
		if err := os.MkdirAll(directory, 0o755); err != nil {
			b.Fatal(err)
		}
		text := strings.Repeat(fmt.Sprintf("name: value-%d\n", i), 28)
		if err := os.WriteFile(filepath.Join(directory, fmt.Sprintf("%d.yaml", i%4)), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return root
}

// BenchmarkCopy does what one render of a plugin costs besides the render: repo-server packs, the plugin's server unpacks and removes.
// Set TMPDIR to a directory in memory, as argo/install does.
func BenchmarkCopy(b *testing.B) {
	text, err := os.ReadFile("../../argo/install/cmd-params.yaml")
	var parameters struct{ Data map[string]string }
	if err == nil {
		err = yaml.Unmarshal(text, &parameters)
	}
	if err != nil {
		b.Fatal(err)
	}
	exclusions := strings.Split(parameters.Data["reposerver.plugin.tar.exclusions"], ";")
	for _, count := range []int{20, 250, 1000, 2000, 3000} {
		root := smallFiles(b, count)
		target := filepath.Join(b.TempDir(), "copy")
		b.Run(fmt.Sprintf("files=%d", count), func(b *testing.B) {
			for b.Loop() {
				archive, _, _, err := tgzstream.CompressFiles(root, nil, exclusions)
				if err != nil {
					b.Fatal(err)
				}
				if err := archives.Untgz(target, archive, 1<<40, false); err != nil {
					b.Fatal(err)
				}
				if err := os.RemoveAll(target); err != nil {
					b.Fatal(err)
				}
				tgzstream.CloseAndDelete(archive)
			}
		})
	}
}
