package store

// Fixed makes Options.Now the clock even where the database has one.
func (o Options) Fixed() Options {
	o.fixed = true
	return o
}

// Prepared has a function see the statements that PostgreSQL prepares.
func (o Options) Prepared(see func(query string)) Options {
	o.prepared = see
	return o
}
