package scheduler

import (
	"testing"
	"time"

	"suhbat/facts"
)

func date(t *testing.T, s string) facts.Date {
	t.Helper()
	d, err := facts.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := loadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// TestWall: a post must go out once, and not before its hour, when clocks change.
func TestWall(t *testing.T) {
	for _, tt := range []struct{ zone, day, at, want string }{
		{"Asia/Almaty", "2026-10-31", "09:00", "2026-10-31T04:00:00Z"},
		{"Asia/Almaty", "2024-03-01", "00:00", "2024-02-29T19:00:00Z"}, // at what would have been midnight, they went back
		{"Europe/London", "2027-03-28", "01:30", "2027-03-28T01:00:00Z"},
		{"Europe/London", "2027-10-31", "01:30", "2027-10-31T00:30:00Z"},
		{"America/New_York", "2027-03-14", "02:30", "2027-03-14T07:00:00Z"},
		{"America/New_York", "2027-11-07", "01:30", "2027-11-07T05:30:00Z"},
		{"America/Santiago", "2027-09-05", "00:00", "2027-09-05T04:00:00Z"}, // midnight does not exist
		{"America/Santiago", "2027-09-05", "00:45", "2027-09-05T04:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00:00Z"},
		{"Africa/Cairo", "2024-04-26", "00:00", "2024-04-25T22:00:00Z"},
		{"Africa/Casablanca", "2025-04-06", "02:30", "2025-04-06T02:00:00Z"},
		{"Africa/Casablanca", "2025-02-23", "02:30", "2025-02-23T01:30:00Z"},
		{"America/Havana", "2024-03-10", "00:30", "2024-03-10T05:00:00Z"},
		{"America/Havana", "2024-11-03", "00:30", "2024-11-03T04:30:00Z"},
		{"Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30:00Z"}, // a gap of half an hour
		{"Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z"},
		{"Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T10:00:00Z"}, // a day that never was
		{"Pacific/Apia", "2011-12-29", "23:59", "2011-12-30T09:59:00Z"},
		{"Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00:00Z"},
		{"Asia/Kathmandu", "2026-10-31", "09:00", "2026-10-31T03:15:00Z"},
		{"UTC", "2100-02-28", "09:00", "2100-02-28T09:00:00Z"},
		{"Europe/Dublin", "2026-10-25", "01:30", "2026-10-25T00:30:00Z"}, // winter is the time that is saved
	} {
		at, err := parseMinute(tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := wall(date(t, tt.day), at, mustZone(t, tt.zone)).UTC().Format(time.RFC3339); got != tt.want {
			t.Errorf("%s %s %s: got %s, want %s", tt.zone, tt.day, tt.at, got, tt.want)
		}
	}
}

// awkward are zones whose clocks change in ways of their own.
var awkward = []string{
	"Asia/Almaty", "Europe/London", "America/New_York", "America/Santiago", "Africa/Casablanca", "Africa/Cairo",
	"America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza", "Antarctica/Troll", "America/Nuuk", "Asia/Tehran",
	"Pacific/Kwajalein", "Africa/Monrovia", "Europe/Dublin", "America/Asuncion", "Asia/Beirut",
}

// TestWallProperties walks every day of some decades: what wall returns shows the
// time that was asked for or follows a gap that skipped it, it is the first such
// instant, and a later time of day is never earlier.
func TestWallProperties(t *testing.T) {
	const first, last = 2005, 2035
	for _, name := range awkward {
		zone := mustZone(t, name)
		var before time.Time
		for day := (facts.Date{Year: first, Month: 1, Day: 1}); day.Year < last; day = next(day) {
			for _, at := range []minute{0, 30, 75, 110, 150, 180, 540, 1439} {
				got := wall(day, at, zone)
				if got.Before(before) {
					t.Fatalf("%s %s %s: %s lies before the time of day before it, %s", name, day, at, got, before)
				}
				before = got
				want := naive(time.Date(day.Year, day.Month, day.Day, 0, int(at), 0, 0, time.UTC))
				switch shows := naive(got); {
				case shows < want:
					t.Fatalf("%s %s %s: %s shows less", name, day, at, got)
				case shows > want && naive(got.Add(-time.Second)) >= want:
					t.Fatalf("%s %s %s: %s is not the end of a gap", name, day, at, got)
				}
				for back := time.Second; back < 3*time.Hour; back += 15 * time.Minute {
					if earlier := got.Add(-back); naive(earlier) == want {
						t.Fatalf("%s %s %s: %s shows it before %s does", name, day, at, earlier, got)
					}
				}
			}
		}
	}
}

// next returns the day after.
func next(d facts.Date) facts.Date { return facts.On(d.Time().AddDate(0, 0, 1)) }

// TestZones: a zone that is wrong must never become UTC in silence.
func TestZones(t *testing.T) {
	for _, name := range []string{"", "Local", "Asia/Atlantis", "../../etc/passwd", "Almaty", "UTC+5 "} {
		if zone, err := loadZone(name); err == nil {
			t.Errorf("%q gave %v", name, zone)
		}
	}
	for _, name := range []string{"UTC", "Asia/Almaty", "Asia/Ashgabat", "Asia/Bishkek", "Asia/Dushanbe", "Asia/Tashkent"} {
		mustZone(t, name)
	}
}

func TestMinutes(t *testing.T) {
	for s, want := range map[string]minute{"00:00": 0, "09:00": 540, "23:59": 1439} {
		if got, err := parseMinute(s); err != nil || got != want || got.String() != s {
			t.Errorf("%q: got %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "9:00", "24:00", "09:60", "0900", "09:00:00", " 09:00", "nine"} {
		if got, err := parseMinute(s); err == nil {
			t.Errorf("%q: got %v", s, got)
		}
	}
}
