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
// every database; dialect.go lists what is not, sqlite.go and postgres.go and the folders of
// migrations hold it. A file belongs to one process, a server may be shared by several:
// then nothing that was read is remembered, and [Store.Now] is the server's clock.
//
// # What is safe when
//
// A method that writes returns when its transaction is committed, and committed means
// synced to the disk: neither a kill -9 nor a power cut takes it back. On a server that is
// as true as its settings make it (synchronous_commit, fsync). Four return
// earlier, Unsent, Finish, KeepTalk and, for a question without an answer, Note: theirs is
// committed within [linger] or together with the next write, whichever is first, and before Close returns. Writes are
// committed in the order in which they were called, so once a later one has returned,
// they are safe too. Until then a crash may take them back: an answer that was sent is
// then known as begun. What was written is seen by every read that begins after the
// write returned.
//
// If a context ends while a method waits, the method returns at once; what it was to
// write may still be committed, unless its turn had not come.
//
// On a server a method that writes may also fail because the connection broke just at its
// commit, and the server did not come back to say what became of it. The error then says
// that it may have been written.
//
// # Times that several processes compare
//
// Every instant that is written comes from the caller or from [Store.Now], and callers have
// to take theirs from [Store.Now] as well. Then leases, due times and what is late are
// compared with the clock that wrote them, to within the time that a question to the
// server takes. Nothing else depends on it: ids of what is finished ([idLasts]) and talks
// are kept with hours and minutes to spare, versions and epochs of deliveries are counted,
// and the order of an inbox, which is by time, matters within a conversation only.
//
// # How long things are kept
//
// Talks for [talkLasts], a body until it is finished, the id of what is finished for
// [idLasts], notes for [noteLasts], what became of a reminder for [deliveryLasts], OAuth states until they expire, all else until
// somebody deletes it. What is too old goes [every] few minutes. In a file, deleted means
// overwritten: SQLite's secure_delete is on, and its write-ahead log is emptied at the
// same time. A server overwrites when it needs the room.
package store
