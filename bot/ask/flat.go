package ask

import (
	"errors"
	"fmt"

	"suhbat/bot/lang"
	"suhbat/facts"
	"suhbat/facts/flat"
)

// Flatten returns what [New] makes of the words of a set and the names of a store, ready
// to be looked up. Both have to come from their own flat forms.
func Flatten(store *facts.Store, set *lang.Set) (string, error) {
	if store.Sum == "" || set.Sum == "" {
		return "", errors.New("ask: the facts or the languages do not come from their flat forms")
	}
	e := &Engine{store: store, set: set, voices: make([]*voice, len(set.Packs))}
	for i, p := range set.Packs {
		e.voices[i] = &voice{pack: p}
	}
	if err := e.lexicons(); err != nil {
		return "", err
	}
	return flat.Write(madeOf(store, set), func(c *flat.Coder) { e.index.Code(c, set) }), nil
}

// Restore is [New] with what [Flatten] returned. The error is a [flat.ErrStale] if that
// was made of another store or set.
func Restore(flattened string, store *facts.Store, set *lang.Set) (*Engine, error) {
	return build(store, set, func(e *Engine) error {
		if store.Sum == "" || set.Sum == "" {
			return fmt.Errorf("ask: %w", flat.ErrStale)
		}
		e.index = new(lang.Index)
		if err := flat.Read(flattened, madeOf(store, set), func(c *flat.Coder) { e.index.Code(c, set) }); err != nil {
			return fmt.Errorf("ask: %w", err)
		}
		return nil
	})
}

// madeOf names the files that a store and a set were made of.
func madeOf(store *facts.Store, set *lang.Set) string { return store.Sum + " " + set.Sum }
