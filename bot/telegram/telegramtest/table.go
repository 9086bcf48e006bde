package telegramtest

import (
	_ "embed"
	"strconv"
	"strings"
)

//go:embed api.txt
var apiText string

// api is the Bot API as far as a bot sends it.
var api = parseTable(apiText)

// methodNames are the methods by their names in lower case: the server does not
// care how they are spelt.
var methodNames = api.names()

// table is what api.txt says.
type table struct {
	methods map[string][]field
	types   map[string][]field
	unions  map[string][]string
}

// field is a parameter of a method or a field of a type.
type field struct {
	name     string
	required bool
	types    []string
	most     int  // of characters or bytes, 0 if there is no limit
	bytes    bool // most counts bytes
	only     string
}

func parseTable(text string) *table {
	t := &table{methods: make(map[string][]field), types: make(map[string][]field), unions: make(map[string][]string)}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		switch words[0] {
		case "m":
			t.methods[words[1]] = parseFields(words[2:])
		case "t":
			t.types[words[1]] = parseFields(words[2:])
		case "u":
			t.unions[words[1]] = words[2:]
		}
	}
	return t
}

func parseFields(words []string) []field {
	fields := make([]field, 0, len(words))
	for _, word := range words {
		fields = append(fields, parseField(word))
	}
	return fields
}

// parseField reads what the head of api.txt explains.
func parseField(word string) field {
	var f field
	name, rest, _ := strings.Cut(word, ":")
	f.name, f.required = strings.CutSuffix(name, "!")
	rest, f.only, _ = strings.Cut(rest, "=")
	kinds, most, _ := strings.Cut(rest, "<")
	most, f.bytes = strings.CutSuffix(most, "b")
	if n, err := strconv.Atoi(most); err == nil {
		f.most = n
	}
	f.types = strings.Split(kinds, "|")
	return f
}

func (t *table) names() map[string]string {
	names := make(map[string]string, len(t.methods))
	for name := range t.methods {
		names[strings.ToLower(name)] = name
	}
	return names
}
