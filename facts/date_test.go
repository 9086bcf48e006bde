package facts_test

import (
	"testing"

	"suhbat/facts"
)

func TestParseDate(t *testing.T) {
	for _, s := range []string{"2021", "2020-12", "2023-10-16", "2024-02-29", "0001", "9999-12-31"} {
		if d, err := facts.ParseDate(s); err != nil || d.String() != s {
			t.Errorf("%s is %v, %v", s, d, err)
		}
	}
	for _, s := range []string{
		"", "0", "0000", "2023-00", "2023-13", "2023-02-29", "2100-02-29", "2023-04-31", "2023-10-00", "2023-1-01",
		"+2023", "-2023", "2023-10-16 ", " 2023", "2023/10/16", "2023-10-16-01", "20231016", "２０２３", "2023-1O-16",
	} {
		if d, err := facts.ParseDate(s); err == nil {
			t.Errorf("%q is the date %v", s, d)
		}
	}
}

func TestDateOrder(t *testing.T) {
	for _, c := range []struct {
		one, other     string
		before, within bool
	}{
		{"2020-12", "2021", true, false},
		{"2020-12", "2020", false, true},
		{"2023-10-16", "2023-10", false, true},
		{"2023-10", "2023-10-16", false, false},
		{"2023-10-16", "2023-10-17", true, false},
		{"2023-10-16", "2023-10-16", false, true},
		{"2023-11", "2023-10-31", false, false},
	} {
		one, other := day(t, c.one), day(t, c.other)
		if got := one.Before(other); got != c.before {
			t.Errorf("%s before %s: %v", c.one, c.other, got)
		}
		if got := one.Within(other); got != c.within {
			t.Errorf("%s within %s: %v", c.one, c.other, got)
		}
	}
}
