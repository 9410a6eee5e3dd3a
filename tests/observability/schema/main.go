// Reads a dashboard as strictly as Grafana's own schema lets it, with the options of each kind of panel and what Prometheus is asked, and
// writes what it has understood: what is misspelt is not in it.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func understood(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	// An error without a text is a list of none. What was read strictly is not whole then, so it is read again.
	if err := new(dashboard.Dashboard).UnmarshalJSONStrict(text); err != nil && err.Error() != "" {
		return nil, err
	}
	var board dashboard.Dashboard
	if err := json.Unmarshal(text, &board); err != nil {
		return nil, err
	}
	if err := board.Validate(); err != nil && err.Error() != "" {
		return nil, err
	}
	return json.Marshal(board)
}

func main() {
	plugins.RegisterDefaultPlugins()
	text, err := understood(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.Write(text)
}
