// Package telegram is the adapter for Telegram, over its Bot API
// (core.telegram.org/bots/api).
//
// Out: a [Messenger] renders what the core says as text with entities, never as
// markup (render.go), waits for its turn (limit.go), and calls the API (send.go,
// client.go). Every error of a call is sorted into a [bot.SendError] by one function
// (failure.go), and none holds the token.
//
// In: updates come by poll.go or webhook.go and are put in the order of their chats
// (receive.go, orders.go); update.go says what each means to the core, and delivery.go
// brings the reply to where the question came from, part by part, over a crash.
//
// The Bot API moves faster than the library beneath; types.go adds what that does
// not know.
package telegram

// Network is the name of this adapter in a [bot.Address]. Chat is the id of a chat in
// decimal, or an @channelname; Thread the id of a topic, empty for none.
const Network = "telegram"
