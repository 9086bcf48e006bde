package lang_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"suhbat/bot/lang"
)

// sound is the smallest pack that loads; a case of [TestBroken] changes a line.
const sound = `name: English
review: done
script: Latn
and: and
forms: [the]
endings: s ed
months: [{nom: a}, {nom: b}, {nom: c}, {nom: d}, {nom: e}, {nom: f}, {nom: g}, {nom: h}, {nom: i}, {nom: j}, {nom: k}, {nom: l}]
dates: {day: "{d}", day.in: "{d}", day.since: "{d}", month: "{y}", month.in: "{y}", month.since: "{y}", year: "{y}", year.in: "{y}", year.since: "{y}"}
numbers: {1: one}
shared: []
words:
  chair: chair~, president
  host: host~
frames:
  chaired-by:
    says: "{value.the} chaired {subject}."
    counts: "{n|one:# country|other:# countries}"
phrases: {yes: "Yes."}
examples:
  - "who chaired?": "find"
`

const soundConcepts = `
filler: [filler]
relation: {chair: [chaired-by], host: [venue]}
type: {country: [country]}
`

// packFiles are a pack and its concepts as files.
func packFiles(pack string) fstest.MapFS {
	return fstest.MapFS{
		"concepts.yaml": {Data: []byte(soundConcepts)},
		"en.yaml":       {Data: []byte(pack)},
	}
}

// TestLoadPack: what a translator writes arrives where the engine looks for it.
func TestLoadPack(t *testing.T) {
	t.Parallel()
	set, err := lang.Load(packFiles(sound))
	if err != nil {
		t.Fatal(err)
	}
	p := set.Pack("en")
	switch {
	case p == nil || set.Pack("xx") != nil || strings.Join(set.Codes(), " ") != "en":
		t.Fatalf("the packs are %v", set.Codes())
	case p.Name != "English" || p.Draft || p.Script != "Latn" || p.Tag.String() != "en":
		t.Errorf("its head is %q, draft %v, %s, %v", p.Name, p.Draft, p.Script, p.Tag)
	case len(p.Words) != 4: // chair~, president, host~ and the number
		t.Errorf("its words are %v", p.Words)
	case p.Frames["chaired-by"] == nil || p.Frames["chaired-by"].Says.IsZero():
		t.Errorf("its frames are %v", p.Frames)
	case p.Phrase("yes", nil) != "Yes.":
		t.Errorf("yes is %q", p.Phrase("yes", nil))
	case len(p.Examples) != 1 || p.Examples[0].Text != "who chaired?" || p.Examples[0].Form != "find" || p.Examples[0].Line == 0:
		t.Errorf("its examples are %v", p.Examples)
	case set.Concepts["chair"].Kind != lang.Relation || set.Concepts["chair"].String() != "chair":
		t.Errorf("the concept is %v", set.Concepts["chair"])
	}
}

// TestBroken: a translator's slip must be named with its place when the program
// starts, not met by a reader in an answer.
func TestBroken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, new, want string }{
		{"shared stem without a rule", "host: host~", "host: host~, president", `en.yaml:13:9: "president" stands for chair and for host`},
		{"the same with and without endings", "host: host~", "host: host~, chair", `stands for chair and for host`},
		{"a number that is a word", "{1: one}", "{1: president}", `"president" stands for`},
		{"a missing plural form", "one:# country|other:# countries", "other:# countries", `en.yaml:17:13: the plural form "one" is missing`},
		{"a misnamed plural form", "one:# country|other:# countries", "one:# country|many:# countries", `the plural form "other" is missing`},
		{"an unknown concept", "host: host~", "hosst: host~", `en.yaml:13:10: "hosst" is not a concept`},
		{"a stem that is too short", "host: host~", "host: ho~", `en.yaml:13:9: the stem "ho" is too short`},
		{"an ending inside a word", "host: host~", "host: hos~ts", `en.yaml:13:9: in "hos~ts" the ~ stands inside a word`},
		{"a word that is no word", "host: host~", "host: {host: x}", `this is not a word`},
		{"a place that is not closed", "{value.the} chaired", "{value.the chaired", `en.yaml:16:11: `},
		{"a part that is not closed", "chaired {subject}.", "chaired[ {subject}.", `not closed`},
		{"a bracket too many", "chaired {subject}.", "chaired {subject}].", `out of place`},
		{"a place without a name", "{subject}", "{}", `no name`},
		{"a choice that is none", "one:# country|other:# countries", "# countries", `not a choice`},
		{"an unknown form", "{value.the}", "{value.gen}", `en.yaml:16:11: {value.gen} asks for a form that the language has not`},
		{"a phrase with an unknown form", `"Yes."`, `"Yes {a.dat}."`, `{a.dat} asks for a form`},
		{"a date form missing", `day.in: "{d}", `, ``, `the date day.in is missing`},
		{"a date pattern broken", `day.in: "{d}"`, `day.in: "{d"`, `date day.in: `},
		{"eleven months", `{nom: l}`, ``, `11 months`},
		{"no name", "name: English", "name:", `name, and, or script is missing`},
		{"no script", "script: Latn", "", `script is missing`},
		{"no word for and", "and: and", "", `name, and, or script is missing`},
		{"an example without a form", `"who chaired?": "find"`, `"who chaired?"`, `en.yaml:20:5: this is not an example`},
		{"no YAML", "name: English", "name: [", `en.yaml: `},
		{"a list where a mapping is due", "frames:\n", "frames: []\nothers:\n", `en.yaml: `},
		{"a tab in the indentation", "  host: host~", "\thost: host~", `en.yaml: `},
		{"a key twice", "shared: []", "shared: []\nshared: []", `shared`},
		{"no words at all", sound, "", `en.yaml`},
		{"no number", "{1: one}", "{one: 1}", `en.yaml`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			broken := strings.Replace(sound, tt.old, tt.new, 1)
			if broken == sound {
				t.Fatal("the case changes nothing")
			}
			_, err := lang.Load(packFiles(broken))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

// TestSharedStem: a word that is listed as shared may mean two things.
func TestSharedStem(t *testing.T) {
	t.Parallel()
	pack := strings.NewReplacer("host: host~", "host: host~, president", "shared: []", "shared: [president]").Replace(sound)
	if _, err := lang.Load(packFiles(pack)); err != nil {
		t.Error(err)
	}
}

// TestAllFindings: a translator gets all findings at once, each with its place.
func TestAllFindings(t *testing.T) {
	t.Parallel()
	pack := strings.NewReplacer("host: host~", "hosst: host~", "{value.the}", "{value.gen}", `day.in: "{d}", `, "").Replace(sound)
	_, err := lang.Load(packFiles(pack))
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 3 {
		t.Errorf("%d findings, want 3:\n%v", len(lines), err)
	}
	for _, line := range lines {
		if !regexp.MustCompile(`^en\.yaml:\d+:\d+: .+, expected .+`).MatchString(line) {
			t.Errorf("%q is no file:line:col: what, expected what", line)
		}
	}
	if f, ok := errors.AsType[lang.Finding](err); !ok || f.File != "en.yaml" || f.Line < 1 || f.Col < 1 {
		t.Errorf("the finding is %+v", f)
	}
}

// TestLoadFolder: a folder of packs that is empty or half there is said plainly.
func TestLoadFolder(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fsys fstest.MapFS
		want string
	}{
		"empty":       {fstest.MapFS{}, "concepts.yaml"},
		"no language": {fstest.MapFS{"concepts.yaml": {Data: []byte(soundConcepts)}}, "no language packs"},
		"no concepts": {fstest.MapFS{"en.yaml": {Data: []byte(sound)}}, "concepts.yaml"},
		"broken concepts": {fstest.MapFS{
			"concepts.yaml": {Data: []byte("filler: {")}, "en.yaml": {Data: []byte(sound)},
		}, "concepts.yaml"},
		"no tag": {fstest.MapFS{
			"concepts.yaml": {Data: []byte(soundConcepts)}, "klingon-x.yaml": {Data: []byte(sound)},
		}, "is not a language"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := lang.Load(tt.fsys); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// FuzzLoad: no file of a pack may crash the program.
func FuzzLoad(f *testing.F) {
	f.Add(sound)
	f.Add("words: {chair: [a, [b]]}")
	f.Add("examples: [{a: b}]")
	f.Add("months: [{}]\ndates: {day: '{'}")
	f.Add("numbers: {1: {a: b}}\nreadings: [{from: a, to: б}]")
	f.Fuzz(func(t *testing.T, pack string) {
		set, err := lang.Load(packFiles(pack))
		if (set == nil) == (err == nil) {
			t.Errorf("got %v and %v", set, err)
		}
	})
}
