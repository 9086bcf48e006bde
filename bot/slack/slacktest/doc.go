// Package slacktest is a fake Slack for tests: workspaces with people and channels,
// the Web API, signed deliveries, response URLs, OAuth and Socket Mode, as badly
// behaved as the real one and on demand worse. Only tests import it.
//
// Start with [New], a [Slack.Workspace] and [Slack.Connect]:
//
//	s := slacktest.New(t, slacktest.Config{})
//	w := s.Workspace("Almaty")                     // the app is installed
//	aigul := w.AddUser(slacktest.Profile{Name: "Aigul", Locale: "ru-RU"})
//	general := w.AddChannel("general", aigul).Invite()
//	s.Connect(handler)                             // the app; it calls s.URL() by s.Client()
//	aigul.Slash(general, "/wps", "who chaired in 2022?")
//	aigul.Press(aigul.Sees(general)[0], "Share")   // a button that she sees
//
// There is no network in this, so it works in a bubble of testing/synctest, where
// three seconds, thirty minutes and twelve hours cost nothing. [Slack.Dial] does the
// same for websockets. [Slack.Listen] and [Slack.ConnectURL] put both sides on sockets
// for tests of a whole program.
//
// What can go wrong is in two places: a [Fault] meets what the app sends
// ([Slack.Break]), a [Twist] changes what Slack sends to the app ([User.Slash]). A
// payload that Slack would refuse as malformed fails the test by itself: all blocks
// and views are compared with limits.go and with blockkit.schema, which is derived
// from @slack/types 3.2.0.
//
// The shapes are those of docs.slack.dev. Where the documentation is silent, the
// fake is strict: an unknown thread is refused, a ticket of Socket Mode works once. The
// codes invalid_code_verifier, token_rotation_not_enabled, invalid_url and not_allowed
// for Socket Mode that is off are its own; test that the app fails, not by which code.
// Not faked: scheduled messages, files, reactions, group messages, organisations,
// user tokens, the assistant's view, scopes for events, and the limits per workspace of posting.
//
// The witness is Bolt for JavaScript 5.1.0 with @slack/web-api 8.2.0 and
// @slack/socket-mode 3.1.0 (TestBolt, .tools/peer/bolt): on 26 November 2026 it
// accepted the fake's signatures over HTTP and refused forged, tampered and stale ones
// with 401, answered url_verification, and over HTTP as over Socket Mode served a slash
// command, a button, response URLs, a mention, the App Home and a modal with an error.
// The other clients in the tests are slack-go's.
package slacktest
