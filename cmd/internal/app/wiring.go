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
	store *facts.Store
	set   *lang.Set
	core  *bot.Core
}

// loadingGC lets the heap grow further than usual while the program loads: what is
// read then stays, and to look through it again and again would cost an eighth of
// the time of a start.
const loadingGC = 400

// build loads the facts and the languages and makes the core of them.
func (o *options) build(more ...bot.Option) (*parts, error) {
	p, err := o.loadParts()
	if err != nil {
		return nil, err
	}
	return p, p.think(more...)
}

// loadParts loads the facts and the languages; there is no core yet. The examples of the
// packs are asked by think unless tests have done so: for the built-in facts and packs,
// as they were when the program's own form of them was made.
func (o *options) loadParts() (*parts, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(loadingGC))
	var set *lang.Set
	var packErr error
	var provenPacks bool
	var wg sync.WaitGroup
	wg.Go(func() { set, provenPacks, packErr = loadLanguages() })
	store, provenFacts, err := o.load()
	wg.Wait()
	if err := errors.Join(err, packErr); err != nil {
		return nil, err
	}
	if provenPacks && provenFacts {
		set = set.Proven()
	}
	return &parts{store: store, set: set}, nil
}

// think makes the core.
func (p *parts) think(more ...bot.Option) (err error) {
	defer debug.SetGCPercent(debug.SetGCPercent(loadingGC))
	more = append(more, bot.WithIndex(packs.Index))
	if p.core, err = bot.New(p.store, p.set, more...); err != nil {
		return fmt.Errorf("putting the program together: %w", err)
	}
	return nil
}

// loadLanguages returns the languages and whether they come from the form that is
// made of the packs: it stands only for packs that have not changed since.
func loadLanguages() (set *lang.Set, proven bool, err error) {
	if set, err := lang.Restore(packs.Flat, packs.FS); err == nil {
		return set, true, nil
	}
	if set, err = lang.Load(packs.FS); err != nil {
		return nil, false, fmt.Errorf("the language packs cannot be used:\n%w", err)
	}
	return set, false, nil
}

// languages lists the codes of the languages that the program speaks.
func languages() ([]string, error) {
	set, _, err := loadLanguages()
	if err != nil {
		return nil, err
	}
	return set.Codes(), nil
}
