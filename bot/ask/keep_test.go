package ask_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"suhbat/bot/ask"
	"suhbat/facts"
)

// keptForms are all forms that the examples of the packs and the transcripts are
// understood as, and all that are offered beside them.
func keptForms(tb testing.TB, p program) []ask.Form {
	tb.Helper()
	var out []ask.Form
	var last []ask.Form
	collect := func(text, code string) {
		a := p.engine.Ask(ask.Question{Text: text, Lang: code, Today: today, Last: last})
		last = nil
		for i := range a.Results {
			last = append(last, a.Results[i].Form)
		}
		out = append(append(append(out, last...), a.Near...), a.Choices...)
	}
	for _, pack := range p.set.Packs {
		for _, x := range pack.Examples {
			collect(x.Text, pack.Code)
		}
	}
	for _, q := range talks(tb) {
		collect(q.text, q.lang)
	}
	if len(out) < 3000/sampled {
		tb.Fatalf("only %d forms", len(out))
	}
	return out
}

// TestKept: "source?" after a restart must ask for the source of just that answer;
// a form that comes back changed asks for another.
func TestKept(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, f := range keptForms(t, p) {
		back, err := p.engine.Kept(ask.Keep([]ask.Form{f}))
		if err != nil || len(back) != 1 || !reflect.DeepEqual(back[0], f) {
			t.Errorf("%s comes back as %+v, %v", f.String(), back, err)
		}
	}
}

// TestKeptWhole: a field that somebody adds to a form and forgets to keep would be
// lost at the next question. Every field is set here, by its type.
func TestKeptWhole(t *testing.T) {
	t.Parallel()
	p := load(t)
	f := ask.Form{Act: ask.Find}
	set(reflect.ValueOf(&f).Elem(), p.store, 2)
	f.Act, f.Inner.Act, f.Inner.Inner = ask.Find, ask.Count, nil
	f.Subject.Entity, f.Value.Entity, f.Inner.Subject.Entity, f.Inner.Value.Entity = nil, nil, nil, nil // a class stands in their place
	back, err := p.engine.Kept(ask.Keep([]ask.Form{f}))
	if err != nil || len(back) != 1 || !reflect.DeepEqual(back[0], f) {
		t.Errorf("%+v\ncomes back as\n%+v, %v", f, back, err)
	}
}

// set gives every field of v a value other than zero.
func set(v reflect.Value, store *facts.Store, depth int) {
	switch x := v.Addr().Interface().(type) {
	case **facts.Entity:
		*x = store.Entities[3]
		return
	case **facts.Property:
		*x = store.Properties[2]
		return
	case **facts.Type:
		*x = store.Types[1]
		return
	case *time.Month:
		*x = time.May
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			set(field, store, depth)
		}
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*ask.Form]() {
			if depth--; depth == 0 {
				return
			}
		}
		v.Set(reflect.New(v.Type().Elem()))
		set(v.Elem(), store, depth)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		set(v.Index(0), store, depth)
		set(v.Index(1), store, depth)
	case reflect.Array:
		for i := range v.Len() {
			set(v.Index(i), store, depth)
		}
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(7)
	default:
		panic("a field of kind " + v.Kind().String())
	}
}

// TestKeptGone: when a curator removes a thing, a conversation about it is
// forgotten; it does not bring the bot down, nor speak of something else.
func TestKeptGone(t *testing.T) {
	t.Parallel()
	p := load(t)
	f := ask.Form{Act: ask.About, Subject: ask.Term{Entity: &facts.Entity{ID: "no-such-thing"}}}
	g := ask.Form{Act: ask.Find, Property: p.store.Property("chaired-by"), Value: ask.Term{Class: &ask.Class{Type: &facts.Type{ID: "no-such-type"}}}}
	kept := ask.Form{Act: ask.About, Subject: ask.Term{Entity: p.store.Entity("dialogue")}}
	back, err := p.engine.Kept(ask.Keep([]ask.Form{f, kept, g}))
	if err != nil || len(back) != 1 || !reflect.DeepEqual(back[0], kept) {
		t.Errorf("got %v, %v", back, err)
	}
}

// FuzzKept: whatever stands in a damaged row, it is read or forgotten, and what is
// read can be kept again and followed up.
func FuzzKept(f *testing.F) {
	p := load(f)
	for i, x := range keptForms(f, p) {
		if i%300 == 0 {
			f.Add(ask.Keep([]ask.Form{x}))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		forms, err := p.engine.Kept(data)
		if err != nil {
			return
		}
		kept := ask.Keep(forms)
		if again, err := p.engine.Kept(kept); err != nil || !bytes.Equal(ask.Keep(again), kept) {
			t.Errorf("%q is kept in another way the second time, %v", data, err)
		}
		for _, text := range []string{"source?", "and in 2023?", "who spoke there?"} {
			p.engine.Ask(ask.Question{Text: text, Today: today, Last: forms})
		}
	})
}
