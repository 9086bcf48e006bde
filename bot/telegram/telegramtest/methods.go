package telegramtest

// methods returns the methods that the fake implements, getUpdates besides.
func methods() map[string]func(*call) (any, error) {
	return map[string]func(*call) (any, error){
		"getMe":                  (*call).getMe,
		"setWebhook":             (*call).setWebhook,
		"deleteWebhook":          (*call).deleteWebhook,
		"getWebhookInfo":         (*call).getWebhookInfo,
		"sendMessage":            (*call).sendMessage,
		"editMessageText":        (*call).editMessageText,
		"editMessageReplyMarkup": (*call).editMessageReplyMarkup,
		"deleteMessage":          (*call).deleteMessage,
		"deleteMessages":         (*call).deleteMessages,
		"answerCallbackQuery":    (*call).answerCallbackQuery,
		"answerInlineQuery":      (*call).answerInlineQuery,
		"sendChatAction":         (*call).sendChatAction,
		"setMyCommands":          (*call).setMyCommands,
		"getMyCommands":          (*call).getMyCommands,
		"deleteMyCommands":       (*call).deleteMyCommands,
		"setMyName":              (*call).setText,
		"setMyDescription":       (*call).setText,
		"setMyShortDescription":  (*call).setText,
		"getMyName":              (*call).getText,
		"getMyDescription":       (*call).getText,
		"getMyShortDescription":  (*call).getText,
		"setChatMenuButton":      (*call).setChatMenuButton,
		"getChatMenuButton":      (*call).getChatMenuButton,
		"getChat":                (*call).getChat,
		"getChatMember":          (*call).getChatMember,
		"getChatAdministrators":  (*call).getChatAdministrators,
		"leaveChat":              (*call).leaveChat,
		"setMessageReaction":     (*call).setMessageReaction,
	}
}
