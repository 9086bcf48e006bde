// Package store keeps what has to outlast the process, in SQL behind the ports of
// packages bot and scheduler: a [Store] is the Talks, Preferences, Notebook and Chats
// of the one and the Deliveries and Subscriptions of the other, and [Store.Inbox] gives
// the Inbox of a network. [Store.PutInstallation] and its like are
// for an adapter whose app many workspaces install: it declares the port itself, in
// basic types, and hands over nothing secret that is not sealed.
//
// Start with [Open], then see writer.go: one goroutine does all the writing and
// commits in one transaction whatever waits at that moment. Reads go to a small pool of
// connections. Each other file holds the statements of one port. They are the same for
// every database; what is SQLite's own stands in sqlite.go and migrations/sqlite.
//
// # What is safe when
//
// A method that writes returns when its transaction is committed, and committed means
// synced to the disk: neither a kill -9 nor a power cut takes it back. Two return
// earlier, Finish and KeepTalk: theirs is committed within [linger] or together
// with the next write, whichever is first, and before Close returns. Writes are
// committed in the order in which they were called, so once a later one has returned,
// they are safe too. Until then a crash may take them back: an answer that was sent is
// then known as begun. What was written is seen by every read that begins after the
// write returned.
//
// If a context ends while a method waits, the method returns at once; what it was to
// write may still be committed.
//
// # How long things are kept
//
// Talks for [talkLasts], a body until it is finished, the id of what is finished for
// [idLasts], notes for [noteLasts], what became of a reminder for [deliveryLasts], OAuth states until they expire, all else until
// somebody deletes it. What is too old goes [every] few minutes. Deleted means
// overwritten: SQLite's secure_delete is on, and its write-ahead log is emptied at the
// same time.
package store
