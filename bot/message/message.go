// Package message holds what the bot says, as content without markup.
//
// A [Message] is made of blocks and inlines, of notes that name its sources and
// of choices that a reader may press. How a network writes a bold word or a
// link, and what it has to escape, is its adapter's matter alone; no string in a
// message holds markup. [Plain] is the reference rendering, which every other
// one is measured against. [Split] divides a message that is too long for a
// network.
package message

import (
	"time"

	"golang.org/x/text/language"
)

// Message is one reply or post. The zero Message says nothing.
type Message struct {
	// Lang is the language of the words.
	Lang language.Tag
	// Body is the text, its first block an answer that can be quoted by itself.
	Body []Block
	// Notes are the sources; [Cite] n means Notes[n-1]. A zero Note is not
	// shown: [Split] leaves one where another part shows the note, so that the
	// numbers are the same in all parts.
	Notes []Note
	// Choices are what the reader may answer with, numbered from 1. A zero
	// Choice is not shown, for the same reason as a zero Note.
	Choices []Choice
}

// Block is a [Paragraph], a [List] or a [Quote].
//
//sumtype:decl
type Block interface{ block() }

// Paragraph is a line of text, however long.
type Paragraph []Inline

// List is a list of items, each of them a line.
type List struct {
	// Ordered lists are numbered.
	Ordered bool
	// First is the number of the first item of an ordered list; 0 means 1.
	First int
	Items [][]Inline
}

// Quote is somebody's own words. The quotation marks are not part of it: the
// rendering adds them.
type Quote []Inline

func (Paragraph) block() {}
func (List) block()      {}
func (Quote) block()     {}

// Inline is a [Text], a [Strong], a [Link], a [Day] or a [Cite].
//
//sumtype:decl
type Inline interface{ inline() }

// Text is words as they are. A line break in it counts as a space.
type Text string

// Strong is words that stand out.
type Strong string

// Link is words that lead to a page.
type Link struct{ Text, URL string }

// Day is a date in words, with the day that it means at midnight UTC, so that a
// network may show it in the reader's own way. If At is set, it is that moment, in words
// that hold for a place: a network may also show it on the reader's own clock.
type Day struct {
	Text string
	Day  time.Time
	At   time.Time
}

// Cite points at the note with this number, from 1. A rendering sets it off from
// the word before, so the text around it needs no space for it.
type Cite int

func (Text) inline()   {}
func (Strong) inline() {}
func (Link) inline()   {}
func (Day) inline()    {}
func (Cite) inline()   {}

// Note names a source. Date is in words already; any field may be empty.
type Note struct{ Publisher, Title, URL, Date string }

// Choice is an answer that the reader may press: Label is shown, Value comes
// back as if it had been typed.
type Choice struct{ Label, Value string }
