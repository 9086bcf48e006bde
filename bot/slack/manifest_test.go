package slack

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

var update = flag.Bool("update", false, "write the manifests in deploy/slack")

// TestManifest checks that the manifests in deploy/slack are those of the code.
func TestManifest(t *testing.T) {
	for file, setup := range map[string]Setup{
		"manifest.yaml":            {PublicURL: "https://suhbat.example.org"},
		"manifest-socket.yaml":     {},
		"manifest-workspaces.yaml": {PublicURL: "https://suhbat.example.org", Many: true},
	} {
		path := filepath.Join("..", "..", "deploy", "slack", file)
		want := manifestFile(t, setup)
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != string(want) {
			t.Errorf("%s is not what the code says (%v): go test ./bot/slack -run Manifest -update", file, err)
		}
	}
}

func manifestFile(t *testing.T, setup Setup) []byte {
	t.Helper()
	var b strings.Builder
	b.WriteString("# The app, for api.slack.com/apps → Create New App → From a manifest.\n# Made from the code: go test ./bot/slack -run Manifest -update\n")
	if setup.PublicURL != "" {
		fmt.Fprintf(&b, "# Put your own address in the place of %s.\n", setup.PublicURL)
	}
	b.WriteString("#\n# What each scope is for:\n")
	for _, s := range Scopes() {
		optional := ""
		if s.Optional {
			optional = " (optional)"
		}
		fmt.Fprintf(&b, "#   %s%s: %s.\n", s.Name, optional, s.Why)
	}
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(Manifest(setup)); err != nil {
		t.Fatal(err)
	}
	return []byte(writable(b.String()))
}

// writable says that people may write to the bot. The library leaves out what is false,
// and since 2021 Slack takes silence for no.
func writable(manifest string) string {
	const tab = "    messages_tab_enabled: true\n"
	return strings.Replace(manifest, tab, tab+"    messages_tab_read_only_enabled: false\n", 1)
}

// TestManifestWritable checks that people may write to the bot in direct messages: where
// a manifest does not say so, they may find that turned off.
func TestManifestWritable(t *testing.T) {
	if m := string(manifestFile(t, Setup{})); !strings.Contains(m, "\n    messages_tab_read_only_enabled: false\n") {
		t.Errorf("got %s", m)
	}
}

// TestManifestLimits checks what Slack would refuse
// (docs.slack.dev/reference/app-manifest).
func TestManifestLimits(t *testing.T) {
	m := Manifest(Setup{Command: "/facts"})
	for name, text := range map[string]struct {
		text string
		most int
	}{
		"name": {m.Display.Name, 35}, "description": {m.Display.Description, 140}, "command": {m.Features.SlashCommands[0].Description, 2000},
		"shortcut": {m.Features.Shortcuts[0].Name, 24}, "shortcut description": {m.Features.Shortcuts[0].Description, 150}, "bot": {m.Features.BotUser.DisplayName, 80},
	} {
		if n := utf8.RuneCountInString(text.text); n == 0 || n > text.most {
			t.Errorf("%s has %d characters, %d are allowed", name, n, text.most)
		}
	}
	if n := utf8.RuneCountInString(m.Display.LongDescription); n < 175 || n > 4000 {
		t.Errorf("the long description has %d characters", n)
	}
	if m.Features.SlashCommands[0].Command != "/facts" || !m.Settings.SocketModeEnabled {
		t.Errorf("got %+v", m)
	}
	if m.Features.AppHome.MessagesTabReadOnlyEnabled {
		t.Error("nobody can write to the bot")
	}
	for _, s := range Scopes() {
		if s.Why == "" {
			t.Errorf("%s has no reason", s.Name)
		}
	}
}
