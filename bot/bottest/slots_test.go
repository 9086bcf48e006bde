package bottest_test

import (
	"testing"

	"suhbat/bot"
	"suhbat/bot/bottest"
)

// TestSlots: the slots in memory keep to the same rules as those of a database.
func TestSlots(t *testing.T) {
	slots := new(bottest.Slots)
	bottest.TestSlots(t, func(*testing.T) bot.Slots { return slots })
}
