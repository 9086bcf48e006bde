package ask_test

import (
	"testing"

	"suhbat/bot/ask"
)

// TestPostpositions: where "before" and "after" stand behind what they govern, a
// wrong tie turns an answer into its opposite, so each is tied by its case or not
// at all.
func TestPostpositions(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, tt := range []struct{ text, want string }{
		{"Turkmanistondan keyin kim raislik qilgan?", "find value: chaired-by(dialogue, ?) after turkmenistan"},
		{"Turkmaniston raislik qilgandan keyin kim raislik qilgan?", "find value: chaired-by(dialogue, ?) after turkmenistan"},
		{"Turkmanistongacha kim raislik qilgan?", "find value: chaired-by(dialogue, ?) before turkmenistan"},
		{"Turkmaniston kimdan keyin raislik qilgan?", "find value: chaired-by(dialogue, ?) before turkmenistan"},
		{"Turkmaniston 2022-yilda raislik qilgandan keyin kim raislik qilgan?", ""},
		{"Turkmanistondan Qozogʻiston keyin raislik qilganmi?", ""},
		{"BMT-Ayollar oldin tuzilganmi yoki Muloqotmi?", ""},
		{"1325-rezolyutsiyaning keyingi yilligi qachon?", "recur: resolution-1325"},
		{"2021–2023-yillar oraligʻida kim raislik qilgan?", "find value: chaired-by(dialogue, ?, 2021-01-01..2023-12-31)"},
		{"Muloqotning 2-raisi qaysi davlat?", "find value country: chaired-by(dialogue, ?) #2"},
		{"22-yilda kim raislik qilgan?", "find value: chaired-by(dialogue, ?, in 2022)"},
		{"2-rezolyutsiya qaysi?", "find subject resolution: adopted(?[resolution #2], ?)"},
		{"Rezolyutsiyalar nechta?", "find value (resolutions): count(wps-agenda, ?)"},
		{"1325-rezolyutsiya 2000-yilda qabul qilinganmi?", "check: adopted(resolution-1325, ?, in 2000)"},
		{"1325-rezolyutsiya (2000) qachon qabul qilingan?", "find time: adopted(resolution-1325, ?, time ?)"},
		{"2023-yil 16-oktabr kuni qaysi konferensiya oʻtkazilgan?", "find subject event: held-on(?[event conference], ?, in 2023-10-16)"},
		{"16.10.2023da qaysi konferensiya oʻtkazilgan?", "find subject event: held-on(?[event conference], ?, in 2023-10-16)"},
		{"UNRCCAning toʻliq nomi nima?", `name: unrcca, "UNRCCA"`},
		{"БМТ Хавфсизлик Кенгаши 1325-резолюцияни қачон қабул қилган?", "find time: adopted(resolution-1325, ?, time ?)"},
	} {
		a := p.ask(tt.text)
		got := ""
		if a.Outcome == ask.Answered {
			got = a.Results[0].Form.String()
		}
		if got != tt.want {
			t.Errorf("%q is %q, want %q", tt.text, got, tt.want)
		}
	}
}
