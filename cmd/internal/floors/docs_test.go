package floors_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// floorRow is a row of the table in the architecture page.
var floorRow = regexp.MustCompile("(?m)^\\| (\\d+) \\| `([a-z/]+)` \\|")

// TestArchitecturePage compares the floors that readers see with the ones that are
// enforced.
func TestArchitecturePage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(repository(t), "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	told := make(map[string]string)
	for _, row := range floorRow.FindAllStringSubmatch(string(page), -1) {
		told[row[2]] = row[1]
	}
	for name, r := range rooms {
		if floor := strconv.Itoa(r.floor); told[name] != floor {
			t.Errorf("docs/architecture.md has %s on floor %q, expected %s", name, told[name], floor)
		}
		delete(told, name)
	}
	for name := range told {
		t.Errorf("docs/architecture.md has a floor for %s, which is no room", name)
	}
}
