// Botapi makes the table of the Bot API that the tests of the Telegram adapter
// check requests by. It reads api.min.json of
// https://github.com/PaulSonOfLars/telegram-bot-api-spec (MIT) on its input:
//
//	go run .tools/botapi/main.go <api.min.json >bot/telegram/telegramtest/api.txt
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

type spec struct {
	Version     string           `json:"version"`
	ReleaseDate string           `json:"release_date"`
	Methods     map[string]entry `json:"methods"`
	Types       map[string]entry `json:"types"`
}

type entry struct {
	Name     string   `json:"name"`
	Fields   []field  `json:"fields"`
	Subtypes []string `json:"subtypes"`
}

type field struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"`
	Required    bool     `json:"required"`
	Description string   `json:"description"`
}

const header = `# %s of %s: what a bot may send.
# Made by .tools/botapi from api.min.json of PaulSonOfLars, under the MIT licence:
# https://github.com/PaulSonOfLars/telegram-bot-api-spec
#
# m METHOD FIELD... | t TYPE FIELD... | u TYPE SUBTYPE...
# FIELD is name, "!" if required, ":", types separated by "|". S is a string, I an
# integer, F a number, B a boolean, T true, [X] a list of X. Then may follow "<n"
# for at most n characters, "<nb" for at most n bytes, "=x" for the one value.
`

func main() {
	var api spec
	if err := json.NewDecoder(os.Stdin).Decode(&api); err != nil {
		fmt.Fprintln(os.Stderr, "botapi:", err)
		os.Exit(1)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	fmt.Fprintf(out, header, api.Version, api.ReleaseDate)
	var todo []string
	for _, name := range slices.Sorted(maps.Keys(api.Methods)) {
		fmt.Fprintln(out, line("m", api.Methods[name]))
		todo = append(todo, uses(api.Methods[name])...)
	}
	reached := make(map[string]bool)
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if e, ok := api.Types[name]; ok && !reached[name] {
			reached[name] = true
			todo = append(todo, uses(e)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(reached)) {
		e := api.Types[name]
		if len(e.Subtypes) > 0 {
			fmt.Fprintln(out, "u", name, strings.Join(e.Subtypes, " "))
		} else {
			fmt.Fprintln(out, line("t", e))
		}
	}
}

// uses returns the types that an entry names.
func uses(e entry) []string {
	names := slices.Clone(e.Subtypes)
	for _, f := range e.Fields {
		for _, t := range f.Types {
			for strings.HasPrefix(t, "Array of ") {
				t = strings.TrimPrefix(t, "Array of ")
			}
			names = append(names, t)
		}
	}
	return names
}

func line(kind string, e entry) string {
	parts := []string{kind, e.Name}
	for _, f := range e.Fields {
		required := ""
		if f.Required {
			required = "!"
		}
		var types []string
		for _, t := range f.Types {
			types = append(types, short(t))
		}
		parts = append(parts, f.Name+required+":"+strings.Join(types, "|")+limit(f))
	}
	return strings.Join(parts, " ")
}

var shorts = map[string]string{"String": "S", "Integer": "I", "Float": "F", "Boolean": "B", "True": "T"}

func short(t string) string {
	if of, ok := strings.CutPrefix(t, "Array of "); ok {
		return "[" + short(of) + "]"
	}
	if s, ok := shorts[t]; ok {
		return s
	}
	return t
}

var (
	length = regexp.MustCompile(`(?i)(?:\b[01]-|can't exceed )(\d+) (characters|bytes)`)
	only   = regexp.MustCompile(`, (?:must be|always) ["“]?([a-z0-9_]+)["”]?\.?$`)
)

// limit reads from the prose how long a string may be, or its only value.
func limit(f field) string {
	if !slices.Contains(f.Types, "String") {
		return ""
	}
	if m := only.FindStringSubmatch(f.Description); m != nil {
		return "=" + m[1]
	}
	m := length.FindStringSubmatch(f.Description)
	switch {
	case m == nil:
		return ""
	case strings.EqualFold(m[2], "bytes"):
		return "<" + m[1] + "b"
	default:
		return "<" + m[1]
	}
}
