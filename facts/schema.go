package facts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
)

// schema is a piece of JSON Schema.
type schema map[string]any

// def refers to a definition of [Schema].
func def(name string) schema { return schema{"$ref": "#/$defs/" + name} }

func enum(words []string) schema { return schema{"enum": words} }

func listOf(item schema, least int) schema {
	s := schema{"type": "array", "items": item}
	if least > 0 {
		s["minItems"] = least
	}
	return s
}

// byLangForm is a mapping whose keys are languages.
func byLangForm(value schema) schema {
	return schema{
		"type": "object", "propertyNames": def("language"),
		"additionalProperties": value, "minProperties": 1,
	}
}

// schema describes a mapping with exactly the record's keys.
func (rec *record[T]) schema() schema {
	properties, required := schema{}, []string{}
	for _, fd := range rec.fields {
		form := schema{"description": fd.doc}
		maps.Copy(form, fd.form)
		properties[fd.key] = form
		if fd.must {
			required = append(required, fd.key)
		}
	}
	s := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// definitions are what several keys share.
func definitions() schema {
	return schema{
		"id": schema{
			"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
			"description": "Lower-case words of a-z and 0-9 joined by hyphens.",
		},
		"date": schema{
			"description": "A day as YYYY-MM-DD, a month as YYYY-MM or a year as YYYY: only as exact as the source.",
			"anyOf": []schema{
				{"type": "integer", "minimum": 1000, "maximum": maxYear},
				{"type": "string", "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"},
			},
		},
		"language":     schema{"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z]{2,4})?$"},
		"words":        schema{"type": "string", "pattern": `\S`},
		"translations": byLangForm(def("words")),
		"name":         schema{"anyOf": []schema{def("words"), nameRecord.schema()}},
		"value": schema{"anyOf": []schema{
			def("date"), def("id"), quantityRecord.schema(), def("text"),
		}},
		"text":         textRecord.schema(),
		"languages":    languagesRecord.schema(),
		"type":         typeRecord.schema(),
		"property":     propertyRecord.schema(),
		"completeness": completenessRecord.schema(),
		"source":       sourceRecord.schema(),
		"entity":       entityRecord.schema(),
		"fact":         factRecord.schema(),
		"qualifiers":   qualifiersRecord.schema(),
		"reference":    referenceRecord.schema(),
		"anniversary":  anniversaryRecord.schema(),
		"translation":  translationRecord.schema(),
	}
}

// Schema returns the JSON Schema (2020-12) of a data file, with which editors
// complete and check what a curator types. It is made from the records that the
// loader reads by; what needs more than one item, only [Load] can check.
func Schema() []byte {
	s := fileRecord.schema()
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "Facts"
	s["description"] = "A file of sourced facts, or of the entities, sources and properties that facts mention."
	s["minProperties"] = 1
	s["$defs"] = definitions()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		panic(fmt.Sprintf("facts: the schema is made of maps and strings only: %v", err))
	}
	return b.Bytes()
}
