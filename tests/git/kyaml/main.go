// Sets fields of an entry of images with kyaml, as programs do that are built on it: an anchor of tests/git/bytes.
//
//	kyaml FILE NAME FIELD=VALUE...
package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func setFields(entry *yaml.RNode, fields []string) error {
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		old := entry.Field(name)
		if old == nil {
			return fmt.Errorf("no field %s", name)
		}
		old.Value.YNode().Value = value
	}
	return nil
}

func setEntry(node *yaml.RNode, name string, fields []string) error {
	images, err := node.Pipe(yaml.Lookup("images"))
	if err != nil || images == nil {
		return fmt.Errorf("no images: %v", err)
	}
	return images.VisitElements(func(entry *yaml.RNode) error {
		own := entry.Field("name")
		if own == nil || own.Value.YNode().Value != name {
			return nil
		}
		return setFields(entry, fields)
	})
}

func edit(path, name string, fields []string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	reader := &kio.ByteReader{Reader: bytes.NewReader(text), PreserveSeqIndent: true, DisableUnwrapping: true}
	nodes, err := reader.Read()
	if err != nil {
		return err
	}
	for _, node := range nodes {
		if err := setEntry(node, name, fields); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	if err := (kio.ByteWriter{Writer: &out}).Write(nodes); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

func main() {
	if err := edit(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
