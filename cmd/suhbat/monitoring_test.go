//go:build unix

package main

import (
	"encoding/json"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"suhbat/bot"
	"suhbat/bot/slack"
	"suhbat/bot/slack/slacktest"
	"suhbat/bot/telegram/telegramtest"
)

// shown are the samples that a service shows: the values of each label of each metric.
type shown map[string]map[string][]string

// scrape reads /metrics.
func scrape(t *testing.T, page string) shown {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	all := make(shown)
	for name, family := range families {
		names := []string{name}
		if family.GetMetric()[0].GetHistogram() != nil {
			names = []string{name + "_bucket", name + "_sum", name + "_count"}
		}
		for _, name := range names {
			all[name] = map[string][]string{"job": nil, "instance": nil, "le": nil} // Prometheus adds these
			for _, m := range family.GetMetric() {
				for _, l := range m.GetLabel() {
					all[name][l.GetName()] = append(all[name][l.GetName()], l.GetValue())
				}
			}
		}
	}
	return all
}

var (
	// selector matches a metric and what it is narrowed to.
	selector = regexp.MustCompile(`([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*)\}`)
	matcher  = regexp.MustCompile(`^\s*(\w+)(=~|!=|!~|=)"([^"]*)"\s*$`)
	// grouping matches the labels that a result keeps.
	grouping = regexp.MustCompile(`\b(?:by|without|on|ignoring)\s*\(([^)]*)\)`)
	// noise is what may be left out to find the names of metrics.
	noise = regexp.MustCompile(`\{[^}]*\}|\[[^\]]*\]|"[^"]*"`)
	word  = regexp.MustCompile(`[a-zA-Z_:][a-zA-Z0-9_:]*\s*\(?`)
)

// promql are the words of PromQL that may occur beside functions.
var promql = []string{"and", "or", "unless", "by", "without", "on", "ignoring"}

// faults says what in an expression of PromQL is not among what is shown.
func (s shown) faults(expr string) (all []string) {
	labels := make(map[string]bool)
	for _, w := range word.FindAllString(grouping.ReplaceAllString(noise.ReplaceAllString(expr, ""), "()"), -1) {
		name := strings.TrimSpace(w)
		if strings.HasSuffix(name, "(") || slices.Contains(promql, name) {
			continue
		}
		if s[name] == nil {
			all = append(all, "no metric "+name)
		}
		for label := range s[name] {
			labels[label] = true
		}
	}
	for _, g := range grouping.FindAllStringSubmatch(expr, -1) {
		for label := range strings.SplitSeq(g[1], ",") {
			if label = strings.TrimSpace(label); !labels[label] {
				all = append(all, "no label "+label)
			}
		}
	}
	for _, m := range selector.FindAllStringSubmatch(expr, -1) {
		for part := range strings.SplitSeq(m[2], ",") {
			all = append(all, s.narrowed(m[1], part)...)
		}
	}
	return all
}

// narrowed says what is wrong with one condition on a metric.
func (s shown) narrowed(metric, condition string) (faults []string) {
	m := matcher.FindStringSubmatch(condition)
	if m == nil {
		return []string{condition + " is no condition"}
	}
	values, ok := s[metric][m[1]]
	if !ok {
		return []string{metric + " has no label " + m[1]}
	}
	for want := range strings.SplitSeq(m[3], "|") {
		if values != nil && !strings.HasPrefix(want, "$") && !slices.Contains(values, want) {
			faults = append(faults, metric+" has no "+m[1]+" "+want)
		}
	}
	return faults
}

// dashboard is what is looked at of deploy/grafana/suhbat.json.
type dashboard struct {
	Panels []struct {
		ID      int
		Title   string
		GridPos struct{ H, W, X, Y int }
		Targets []struct{ Expr string }
	}
}

// expressions are all that is asked of Prometheus, by where.
func expressions(t *testing.T) map[string]string {
	t.Helper()
	all := make(map[string]string)
	var d dashboard
	if err := json.Unmarshal(deployed(t, "grafana/suhbat.json"), &d); err != nil {
		t.Fatal(err)
	}
	place := make(map[[2]int]string)
	ids := make(map[int]bool)
	for _, p := range d.Panels {
		if ids[p.ID] {
			t.Errorf("two panels have the id %d", p.ID)
		}
		ids[p.ID] = true
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				spot := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if other, taken := place[spot]; taken || spot[0] >= 24 {
					t.Errorf("%q lies over %q or outside", p.Title, other)
				}
				place[spot] = p.Title
			}
		}
		for i, target := range p.Targets {
			all["the panel "+p.Title+" "+string(rune('A'+i))] = target.Expr
		}
	}
	for _, g := range at(t, documentsOf(t, "prometheus/alerts.yaml")[0], "groups").([]any) {
		for _, r := range at(t, g, "rules").([]any) {
			all["the alert "+at(t, r, "alert").(string)] = at(t, r, "expr").(string)
		}
	}
	return all
}

// TestMonitoring: every metric, label and value that the dashboard and the alerts speak
// of is one that the program shows; else they would stay empty and silent for ever.
func TestMonitoring(t *testing.T) {
	t.Parallel()
	_, env := fakeTelegram(t)
	env["SLACK_BOT_TOKEN"], env["SLACK_SIGNING_SECRET"], env["TELEGRAM_BOT_TOKEN"] = slacktest.BotToken, slacktest.SigningSecret, telegramtest.Token
	env["SUHBAT_FACTS"] = today(t)
	s := newSlackService(t, slacktest.Config{}, env)
	w, aigul, general := s.people()
	s.subscribeTo(bot.Address{Network: slack.Network, Space: w.ID, Chat: general.ID}, time.Minute)
	s.run()
	aigul.Await(general, "the reminder", contains("The probe meeting")) // it has waited for its slot
	page := s.page("/metrics")
	s.stop()
	have := scrape(t, page)
	all := expressions(t)
	if len(all) < 30 {
		t.Errorf("found %d expressions", len(all))
	}
	for where, expr := range all {
		for _, fault := range have.faults(expr) {
			t.Errorf("%s: %s: %s", where, expr, fault)
		}
	}
	for _, wrong := range []string{"suhbat_nothing", "sum by (nobody) (suhbat_inbox_open)", `suhbat_inbox_open{nobody="x"}`, `suhbat_inbox_open{network="matrix"}`, "rate(suhbat_telegram_updates[5m])"} {
		if len(have.faults(wrong)) == 0 {
			t.Errorf("%s is not noticed among %q", wrong, slices.Sorted(maps.Keys(have)))
		}
	}
}

// TestAlerts: Prometheus itself takes the alerts.
func TestAlerts(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed")
	}
	out, err := exec.CommandContext(t.Context(), promtool, "check", "rules", filepath.Join(repository, "deploy", "prometheus", "alerts.yaml")).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
