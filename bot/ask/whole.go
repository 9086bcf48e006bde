package ask

import "suhbat/facts"

// wholes finds the things that others of their own type belong to: the United
// Nations, whose bodies are bodies too, and a conference with its discussions.
func (w *world) wholes() map[*facts.Entity]bool {
	out := make(map[*facts.Entity]bool)
	add := func(part, whole *facts.Entity) {
		if part != whole && part.Type == whole.Type {
			out[whole] = true
		}
	}
	const far = 3 // as deep as belonging goes
	var climb func(part, e *facts.Entity, depth int)
	climb = func(part, e *facts.Entity, depth int) {
		for _, x := range e.Of {
			add(part, x)
			if depth > 0 {
				climb(part, x, depth-1)
			}
		}
	}
	for _, e := range w.store.Entities {
		climb(e, e, far)
	}
	for _, f := range w.store.With(w.known.partOf) {
		if ref, ok := f.Value.(facts.Ref); ok {
			add(f.Subject, ref.Entity)
		}
	}
	return out
}
