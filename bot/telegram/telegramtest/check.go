package telegramtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Violation is a request that the Bot API does not allow.
type Violation struct {
	Method string
	What   string
}

func (v Violation) String() string { return v.Method + ": " + v.What }

// Violations returns what was wrong with the requests so far.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// violate records a violation; s.mu is held.
func (s *Server) violate(method, what string) {
	s.violations = append(s.violations, Violation{Method: method, What: what})
}

// check compares a request with the table.
func (t *table) check(method string, p params) []string {
	known := make(map[string]bool)
	var wrong []string
	for _, f := range t.methods[method] {
		known[f.name] = true
		given, ok := p[f.name]
		switch {
		case !ok && f.required:
			wrong = append(wrong, f.name+" is missing")
		case ok:
			wrong = append(wrong, t.checkParam(f, given)...)
		}
	}
	files := attached(p)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		if !known[name] && (!p[name].file || !files[name]) && name != "method" {
			wrong = append(wrong, "unknown parameter "+name)
		}
	}
	return wrong
}

// attached returns the files that a parameter speaks of as attach://name.
func attached(p params) map[string]bool {
	files := make(map[string]bool)
	for _, v := range p {
		for _, part := range strings.Split(v.text, "attach://")[1:] {
			name := strings.FieldsFunc(part+" ", func(r rune) bool { return r == '"' || r == ' ' })
			if len(name) > 0 {
				files[name[0]] = true
			}
		}
	}
	return files
}

// checkParam checks one parameter, which a form gives as text.
func (t *table) checkParam(f field, p param) []string {
	switch {
	case p.file && slices.Contains(f.types, "InputFile"):
		return nil
	case p.file:
		return []string{f.name + " is no file"}
	case p.native:
		return t.checkRaw(f, json.RawMessage(p.text), f.name)
	case p.quoted && !takesText(f):
		return []string{f.name + " is a string, want " + strings.Join(f.types, " or ")}
	case takesText(f):
		return checkText(f, p.text, f.name)
	case !json.Valid([]byte(p.text)):
		return []string{fmt.Sprintf("%s is %.60q, want %s", f.name, p.text, strings.Join(f.types, " or "))}
	}
	return t.checkRaw(f, json.RawMessage(p.text), f.name)
}

func takesText(f field) bool {
	return slices.Contains(f.types, "S") || slices.Contains(f.types, "InputFile")
}

// checkText checks the length and the value of a string.
func checkText(f field, text, path string) []string {
	if f.only != "" && text != f.only {
		return []string{fmt.Sprintf("%s is %q, want %q", path, text, f.only)}
	}
	n, unit := len(utf16.Encode([]rune(text))), "characters"
	if f.bytes {
		n, unit = len(text), "bytes"
	}
	if f.most > 0 && n > f.most {
		return []string{fmt.Sprintf("%s has %d %s, at most %d are allowed", path, n, unit, f.most)}
	}
	return nil
}

// checkRaw finds among the types of f the one that fits raw best, and says what
// does not fit.
func (t *table) checkRaw(f field, raw json.RawMessage, path string) []string {
	if string(raw) == "null" {
		return []string{path + " is null"}
	}
	var least []string
	for i, kind := range f.types {
		wrong := t.checkType(kind, f, raw, path)
		if len(wrong) == 0 {
			return nil
		}
		if i == 0 || len(wrong) < len(least) {
			least = wrong
		}
	}
	return least
}

// checkType checks a JSON value against one type.
func (t *table) checkType(kind string, f field, raw json.RawMessage, path string) []string {
	if of, ok := strings.CutPrefix(kind, "["); ok {
		return t.checkList(strings.TrimSuffix(of, "]"), raw, path)
	}
	if subtypes, ok := t.unions[kind]; ok {
		return t.checkRaw(field{types: t.called(subtypes, raw)}, raw, path)
	}
	if fields, ok := t.types[kind]; ok {
		return t.checkObject(kind, fields, raw, path)
	}
	return checkPlain(kind, f, raw, path)
}

// called returns those of the types that an object says it is, or all if it says
// nothing of the kind.
func (t *table) called(types []string, raw json.RawMessage) []string {
	var given map[string]any
	if json.Unmarshal(raw, &given) != nil {
		return types
	}
	var fit []string
	for _, kind := range types {
		if slices.ContainsFunc(t.types[kind], func(f field) bool { return f.only != "" && given[f.name] == f.only }) {
			fit = append(fit, kind)
		}
	}
	if fit == nil {
		return types
	}
	return fit
}

func checkPlain(kind string, f field, raw json.RawMessage, path string) []string {
	ok := false
	switch kind {
	case "S", "InputFile":
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return checkText(f, text, path)
		}
	case "I":
		_, err := strconv.ParseInt(string(raw), 10, 64)
		ok = err == nil
	case "F":
		_, err := strconv.ParseFloat(string(raw), 64)
		ok = err == nil
	case "B":
		ok = string(raw) == "true" || string(raw) == "false"
	case "T":
		ok = string(raw) == "true"
	}
	if ok {
		return nil
	}
	return []string{fmt.Sprintf("%s is %.60s, want %s", path, raw, kindName(kind))}
}

func kindName(kind string) string {
	switch kind {
	case "S":
		return "a string"
	case "I":
		return "an integer"
	case "F":
		return "a number"
	case "B":
		return "a boolean"
	case "T":
		return "true"
	default:
		return kind
	}
}

func (t *table) checkList(kind string, raw json.RawMessage, path string) []string {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return []string{fmt.Sprintf("%s is %.60s, want a list", path, raw)}
	}
	var wrong []string
	for i, item := range items {
		wrong = append(wrong, t.checkRaw(field{types: []string{kind}}, bytes.TrimSpace(item), path+"["+strconv.Itoa(i)+"]")...)
	}
	return wrong
}

func (t *table) checkObject(kind string, fields []field, raw json.RawMessage, path string) []string {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(raw, &given); err != nil {
		return []string{fmt.Sprintf("%s is %.60s, want %s", path, raw, kind)}
	}
	var wrong []string
	for _, f := range fields {
		value, ok := given[f.name]
		delete(given, f.name)
		switch {
		case !ok && f.required:
			wrong = append(wrong, path+"."+f.name+" is missing")
		case ok:
			wrong = append(wrong, t.checkRaw(f, value, path+"."+f.name)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		wrong = append(wrong, fmt.Sprintf("%s has no field %s (%s)", path, name, kind))
	}
	return wrong
}
