package app

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"time"

	"suhbat/scheduler/ical"
)

// calendarPath is where the calendars are, one for each language.
const calendarPath = "GET /calendar/{file}"

// calendars serves the calendar of each language, which is the same as long as the
// program runs.
type calendars struct {
	parts *parts
	since time.Time

	mu    sync.Mutex
	feeds map[string][]byte
}

// ServeHTTP implements [http.Handler].
func (c *calendars) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	code, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	feed := c.feed(code)
	if !ok || feed == nil {
		http.Error(w, "there are calendars in "+strings.Join(c.parts.set.Codes(), ", ")+", each with .ics behind", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", ical.Media)
	w.Header().Set("Cache-Control", "public, max-age=3600")
	http.ServeContent(w, r, "", c.since, bytes.NewReader(feed))
}

// feed makes the calendar of a language when it is asked for first; nil if there is no
// such language.
func (c *calendars) feed(code string) []byte {
	pack := c.parts.set.Pack(code)
	if pack == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.feeds == nil {
		c.feeds = make(map[string][]byte)
	}
	if c.feeds[code] == nil {
		c.feeds[code] = ical.Feed(pack, c.parts.store)
	}
	return c.feeds[code]
}
