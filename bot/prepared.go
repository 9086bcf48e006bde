package bot

import "sync"

// Prepared keeps what adapters have made of a reply that many get, so that it is
// rendered once. Nil keeps nothing.
type Prepared struct {
	mu   sync.Mutex
	made map[string]any
}

// Prepare returns what render makes of a reply, the first time that it is asked for
// under a name. From then on it is shared, and must not change.
func Prepare[T any](p *Prepared, name string, render func() T) T {
	if p == nil {
		return render()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	made, ok := p.made[name].(T)
	if !ok {
		made = render()
		p.keep(name, made)
	}
	return made
}

// keep expects the lock to be held.
func (p *Prepared) keep(name string, made any) {
	if p.made == nil {
		p.made = make(map[string]any, 1)
	}
	p.made[name] = made
}
