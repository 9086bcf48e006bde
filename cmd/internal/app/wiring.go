package app

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/facts"
)

// network is the one that questions of the command line come from.
const network = "command-line"

// parts are what answers questions, put together.
type parts struct {
	store   *facts.Store
	set     *lang.Set
	handler bot.Handler
}

// loadingGC lets the heap grow further than usual while the program loads: most of
// what is read then stays, and to look through it again and again would cost a
// tenth of the time.
const loadingGC = 400

// build loads the facts and the languages.
func (o *options) build() (*parts, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(loadingGC))
	var set *lang.Set
	var packErr error
	var wg sync.WaitGroup
	wg.Go(func() { set, packErr = loadLanguages() })
	store, err := o.store()
	wg.Wait()
	if err := errors.Join(err, packErr); err != nil {
		return nil, err
	}
	core, err := bot.New(store, set)
	if err != nil {
		return nil, fmt.Errorf("putting the program together: %w", err)
	}
	return &parts{store: store, set: set, handler: core}, nil
}

func loadLanguages() (*lang.Set, error) {
	set, err := lang.Load(packs.FS)
	if err != nil {
		return nil, fmt.Errorf("the language packs cannot be used:\n%w", err)
	}
	return set, nil
}

// languages lists the codes of the languages that the program speaks.
func languages() ([]string, error) {
	set, err := loadLanguages()
	if err != nil {
		return nil, err
	}
	return set.Codes(), nil
}
