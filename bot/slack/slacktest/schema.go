package slacktest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed blockkit.schema
var schemaText string

// schema is what [schemaText] says: the fields of each object, and what a name
// stands for if it is a union.
type schema struct {
	objects map[string][]field
	unions  map[string][]shape
}

type field struct {
	name     string
	optional bool
	shapes   []shape
}

// shape is one alternative of a type: an array, a constant, or a name such as
// "string" or "Button".
type shape struct {
	items    []shape // of an array
	constant any
	name     string
}

// finding says what is wrong where; the place is a JSON pointer.
type finding struct{ at, what string }

func (f finding) String() string { return f.what + " [json-pointer:" + f.at + "]" }

var blockKit = sync.OnceValue(func() *schema { return parseSchema(schemaText) })

// parseSchema reads the form that .tools/blockkit/generate.cjs writes.
func parseSchema(text string) *schema {
	s := &schema{objects: make(map[string][]field), unions: make(map[string][]shape)}
	var object string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "\t"):
			plain, optional := strings.CutSuffix(name, "?")
			s.objects[object] = append(s.objects[object], field{plain, optional, parseShapes(rest)})
		case strings.HasPrefix(rest, "= "):
			s.unions[name] = parseShapes(rest[2:])
		default:
			object = name
		}
	}
	return s
}

// parseShapes reads alternatives with "|" between them, of which those in
// parentheses belong to an array.
func parseShapes(text string) []shape {
	var out []shape
	for _, part := range splitOutside(text) {
		switch items, array := strings.CutPrefix(part, "[]"); {
		case array:
			items = strings.TrimSuffix(strings.TrimPrefix(items, "("), ")")
			out = append(out, shape{items: parseShapes(items)})
		case strings.HasPrefix(part, "'"):
			out = append(out, shape{constant: strings.Trim(part, "'")})
		default:
			if n, err := strconv.ParseFloat(part, 64); err == nil {
				out = append(out, shape{constant: n})
				continue
			}
			out = append(out, shape{name: part})
		}
	}
	return out
}

// splitOutside cuts at every "|" that stands in no parentheses.
func splitOutside(text string) []string {
	var out []string
	depth, start := 0, 0
	for i, r := range text {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == '|' && depth == 0:
			out = append(out, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return append(out, strings.TrimSpace(text[start:]))
}

// check compares a value with the alternatives for it.
func (s *schema) check(v any, shapes []shape, at string) []finding {
	shapes = s.flat(shapes)
	switch v := v.(type) {
	case map[string]any:
		return s.checkObject(v, shapes, at)
	case []any:
		return s.checkArray(v, shapes, at)
	}
	for _, sh := range shapes {
		if sh.takes(v) {
			return nil
		}
	}
	return []finding{{at, fmt.Sprintf("%s is not %s", short(v), names(shapes))}}
}

// flat puts the members of unions in their place.
func (s *schema) flat(shapes []shape) []shape {
	var out []shape
	for _, sh := range shapes {
		if union, ok := s.unions[sh.name]; ok {
			out = append(out, s.flat(union)...)
		} else {
			out = append(out, sh)
		}
	}
	return out
}

func (sh shape) takes(v any) bool {
	if sh.constant != nil {
		return sh.constant == v
	}
	ok := sh.name == "any"
	switch v.(type) {
	case string:
		ok = ok || sh.name == "string"
	case float64:
		ok = ok || sh.name == "number"
	case bool:
		ok = ok || sh.name == "boolean"
	}
	return ok
}

func (s *schema) checkArray(v []any, shapes []shape, at string) []finding {
	for _, sh := range shapes {
		if sh.items == nil {
			continue
		}
		var out []finding
		for i, item := range v {
			out = append(out, s.check(item, sh.items, at+"/"+strconv.Itoa(i))...)
		}
		return out
	}
	return []finding{{at, "an array is not " + names(shapes)}}
}

// checkObject compares an object with those of its "type", and reports what is
// wrong with the one that it resembles most.
func (s *schema) checkObject(v object, shapes []shape, at string) []finding {
	var best []finding
	tried := false
	for _, sh := range shapes {
		if sh.name == "any" {
			return nil
		}
		fields, ok := s.objects[sh.name]
		if !ok || !s.sameType(v, fields) {
			continue
		}
		found := s.checkFields(sh.name, v, fields, at)
		if !tried || len(found) < len(best) {
			best, tried = found, true
		}
	}
	if !tried {
		return []finding{{at, fmt.Sprintf("an object of type %s is not %s", short(v["type"]), names(shapes))}}
	}
	return best
}

// sameType reports whether the "type" of an object is what these fields ask for.
func (s *schema) sameType(v object, fields []field) bool {
	for _, f := range fields {
		if f.name == "type" {
			return slices.ContainsFunc(f.shapes, func(sh shape) bool { return sh.takes(v["type"]) })
		}
	}
	return true
}

func (s *schema) checkFields(name string, v object, fields []field, at string) []finding {
	var out []finding
	known := make(map[string]bool)
	for _, f := range fields {
		known[f.name] = true
		value, there := v[f.name]
		switch {
		case there:
			out = append(out, s.check(value, f.shapes, at+"/"+f.name)...)
			out = append(out, checkLimits(name, f.name, value, at+"/"+f.name)...)
		case !f.optional:
			out = append(out, finding{at, "missing required field: " + f.name})
		}
	}
	for field := range v {
		if !known[field] {
			out = append(out, finding{at + "/" + field, name + " has no such field"})
		}
	}
	return append(out, checkRules(name, v, at)...)
}

func names(shapes []shape) string {
	var out []string
	for _, sh := range shapes {
		switch {
		case sh.items != nil:
			out = append(out, "an array")
		case sh.constant != nil:
			out = append(out, short(sh.constant))
		default:
			out = append(out, sh.name)
		}
	}
	return strings.Join(out, " or ")
}

// short is a value without its contents, which may be a text of the app.
func short(v any) string {
	data, err := json.Marshal(v)
	if err != nil || len(data) > 40 {
		return fmt.Sprintf("a long %T", v)
	}
	return string(data)
}
