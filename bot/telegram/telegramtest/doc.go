// Package telegramtest is a fake Bot API server for tests, which behaves as badly
// as the real one: it polls long, limits, refuses, breaks connections, forgets
// updates and starts their ids again, as a test asks it to. Start at [New].
//
// A test plays the people. [Server.NewUser], [Server.NewGroup] and the like make
// users and chats; [User.Send], [User.Press], [User.Inline] and [User.AddBot] are
// what people do, and [Chat.Messages] is what they then see. [Server.Requests] are
// all requests of the bot, and [Server.Script] has some of them go wrong.
//
// Each request is checked against a table of the Bot API, api.txt, which
// .tools/botapi made from a machine-readable description of it. A parameter that
// the Bot API does not know, one of a wrong type or a literal null fails the test
// at its end, where the real server would say nothing.
//
// In process the bot takes [Server.Client], which works in a bubble of
// testing/synctest. On a socket it is net/http/httptest.NewServer(s); call
// [Server.Close] before that of the socket.
//
// # What was taken from where
//
// Texts of errors and times are those of the official server,
// https://github.com/tdlib/telegram-bot-api. It validates more strictly than that
// server where a bot can only gain: empty entities are an error, for example.
// Methods that no bot here calls, parse_mode, files, payments and business
// accounts are not implemented; a call of them fails the test by name.
//
// As an independent witness, a bot on grammY 1.46.0 with auto-retry 2.0.2, which
// knows the real server, ran against this one on a socket on 26 November 2026
// (.tools/peer/grammy, TestGrammY): commands with arguments and with the name of
// the bot, the menu, a keyboard whose callback edits in place, inline queries,
// edited messages, topics, a 429 and a 500 that it waited out, and update ids that
// started again lower. All came out as intended and no request was found wrong.
// It ends at a 409, as its authors mean it to.
package telegramtest
