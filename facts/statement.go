package facts

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// english is the language in which facts are printed for curators.
const english Lang = "en"

// Label returns what the entity is called in English, or its id where it has no
// English name.
func (e *Entity) Label() string {
	if name := e.Names[english].Text; name != "" {
		return name
	}
	return string(e.ID)
}

// Statement returns a fact as one line for a curator: "Dialogue of Women of
// Central Asia — chaired-by: Turkmenistan (2022)".
func Statement(f *Fact) string {
	s := f.Subject.Label() + " — " + string(f.Property.ID) + ": " + ValueString(f.Value)
	var asides []string
	if period := f.period(); period != "" {
		asides = append(asides, period)
	}
	if q := f.Qualifiers; q.Against > 0 || q.Abstentions > 0 {
		asides = append(asides, strconv.Itoa(q.Against)+" against, "+strconv.Itoa(q.Abstentions)+" abstained")
	}
	if f.Disputed {
		asides = append(asides, "disputed")
	}
	if len(asides) > 0 {
		s += " (" + strings.Join(asides, ", ") + ")"
	}
	return s
}

// ValueString writes a value for a curator: "16 October 2023", "more than 15
// votes", an entity's English name, or the English words of a text.
func ValueString(v Value) string {
	switch v := v.(type) {
	case Date:
		return longDate(v)
	case Quantity:
		s := strconv.Itoa(v.Number) + " " + v.Unit
		if v.MoreThan {
			s = "more than " + s
		}
		return s
	case Ref:
		return v.Label()
	case Text:
		return v.printed()
	default:
		return ""
	}
}

// printed returns the text in English, or in the first language that it has.
func (t Text) printed() string { return inEnglish(t.In) }

// inEnglish picks the English words, or those of the first language.
func inEnglish(in map[Lang]string) string {
	if s := in[english]; s != "" {
		return s
	}
	for _, lang := range slices.Sorted(maps.Keys(in)) {
		return in[lang]
	}
	return ""
}

// period writes when a statement holds: "2022", "2022 – 2024", "until 2024".
func (f *Fact) period() string {
	switch from, to := longDate(f.Qualifiers.Time), longDate(f.Qualifiers.Until); {
	case to == "":
		return from
	case from == "":
		return "until " + to
	default:
		return from + " – " + to
	}
}

// longDate writes a date as exactly as it is known: "16 October 2023", "December
// 2020", "2021".
func longDate(d Date) string {
	switch d.Precision() {
	case ToTheDay:
		return strconv.Itoa(d.Day) + " " + d.Month.String() + " " + strconv.Itoa(d.Year)
	case ToTheMonth:
		return d.Month.String() + " " + strconv.Itoa(d.Year)
	default:
		return d.String()
	}
}
