package telegramtest

import (
	"regexp"
	"slices"
	"strconv"
)

// Command is a command in the menu of the bot.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// menuKey is where a menu is shown: a scope, its chat and user, a language.
type menuKey struct {
	scope    string
	chat     int64
	user     int64
	language string
}

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

var languageCode = regexp.MustCompile(`^([a-z]{2})?$`)

var scopes = []string{
	"default", "all_private_chats", "all_group_chats", "all_chat_administrators",
	"chat", "chat_administrators", "chat_member",
}

// menu reads scope and language_code.
func (c *call) menu() (menuKey, error) {
	key := menuKey{scope: "default", language: c.text("language_code")}
	var scope struct {
		Type string `json:"type"`
		Chat any    `json:"chat_id"`
		User int64  `json:"user_id"`
	}
	if err := c.decode("scope", &scope); err != nil {
		return key, err
	}
	if scope.Type != "" {
		key.scope = scope.Type
	}
	switch {
	case !slices.Contains(scopes, key.scope):
		return key, badRequest("can't parse BotCommandScope: unsupported type specified")
	case !languageCode.MatchString(key.language):
		return key, badRequest("invalid language code specified")
	}
	if scope.Chat == nil {
		return key, nil
	}
	text, ok := scope.Chat.(string)
	if number, isNumber := scope.Chat.(float64); isNumber && !ok {
		text = strconv.FormatInt(int64(number), 10)
	}
	nested := &call{Server: c.Server, params: params{"chat_id": {text: text}}}
	chat, err := nested.chat()
	if err != nil {
		return key, err
	}
	key.chat, key.user = chat.ID, scope.User
	return key, nil
}

func (c *call) setMyCommands() (any, error) {
	key, err := c.menu()
	if err != nil {
		return nil, err
	}
	var commands []Command
	if err := c.decode("commands", &commands); err != nil {
		return nil, err
	}
	if len(commands) > 100 {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, command := range commands {
		if !commandName.MatchString(command.Name) {
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
		if n := lenUTF16(command.Description); n < 1 || n > 256 {
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	c.commands[key] = commands
	return true, nil
}

func (c *call) getMyCommands() (any, error) {
	key, err := c.menu()
	if err != nil {
		return nil, err
	}
	return slices.Concat([]Command{}, c.commands[key]), nil
}

func (c *call) deleteMyCommands() (any, error) {
	key, err := c.menu()
	if err != nil {
		return nil, err
	}
	delete(c.commands, key)
	return true, nil
}

// Commands returns the commands set for a scope without a chat, such as
// "default" or "all_private_chats", and a language, "" for any.
func (s *Server) Commands(scope, language string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands[menuKey{scope: scope, language: language}])
}

// Menu returns the commands that the user is shown in a chat.
func (u *User) Menu(c *Chat) []Command {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := []menuKey{{scope: "chat", chat: c.ID}, {scope: "all_private_chats"}}
	if c.Kind != Private {
		keys = []menuKey{{scope: "chat_member", chat: c.ID, user: u.ID}}
		if c.admins[u.ID] {
			keys = append(keys, menuKey{scope: "chat_administrators", chat: c.ID})
		}
		keys = append(keys, menuKey{scope: "chat", chat: c.ID})
		if c.admins[u.ID] {
			keys = append(keys, menuKey{scope: "all_chat_administrators"})
		}
		keys = append(keys, menuKey{scope: "all_group_chats"})
	}
	for _, key := range append(keys, menuKey{scope: "default"}) {
		for _, language := range []string{u.Language, ""} {
			key.language = language
			if commands := s.commands[key]; len(commands) > 0 {
				return slices.Clone(commands)
			}
		}
	}
	return nil
}
