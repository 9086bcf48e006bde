// A bot on grammY for TestGrammY of bot/telegram/telegramtest, which starts it and
// plays its users. In a copy of this folder:
// npm install && (cd REPOSITORY && go test ./bot/telegram/telegramtest -run GrammY -v -grammy THE_COPY)
const { Bot, InlineKeyboard, InlineQueryResultBuilder } = require('grammy');
const { autoRetry } = require('@grammyjs/auto-retry');

const bot = new Bot(process.env.TOKEN, { client: { apiRoot: process.env.BASE } });
bot.api.config.use(autoRetry());

const page = (n) => [`page ${n}`, { reply_markup: new InlineKeyboard().text('Next', `p:${n + 1}`) }];

bot.command('start', (ctx) => ctx.reply(`Hello, ${ctx.from.first_name}: ${ctx.match}`));
bot.command('page', (ctx) => ctx.reply(...page(1)));
bot.callbackQuery(/^p:(\d+)$/, async (ctx) => {
  await ctx.editMessageText(...page(Number(ctx.match[1])));
  await ctx.answerCallbackQuery({ text: `page ${ctx.match[1]}` });
});
bot.on('inline_query', (ctx) => ctx.answerInlineQuery(
  [InlineQueryResultBuilder.article('a', 'A fact').text(`fact about ${ctx.inlineQuery.query}`)],
  { cache_time: 300, button: { text: 'Open', start_parameter: 'inline' } },
));
bot.on('message:is_topic_message', (ctx) => ctx.reply('in the topic', { message_thread_id: ctx.message.message_thread_id }));
bot.on('edited_message:text', (ctx) => ctx.reply(`edited: ${ctx.editedMessage.text}`, { reply_parameters: { message_id: ctx.editedMessage.message_id } }));
bot.on('my_chat_member', (ctx) => console.log(`my_chat_member ${ctx.myChatMember.new_chat_member.status}`));
bot.on('message:text', (ctx) => ctx.reply(ctx.message.text));
bot.catch((e) => console.log(`error: ${e.error}`));

(async () => {
  await bot.api.setMyCommands([{ command: 'start', description: 'Begin' }], { language_code: 'en', scope: { type: 'all_private_chats' } });
  await bot.start({ onStart: (me) => console.log(`started ${me.username}`) });
})().catch((e) => {
  console.log(`stopped: ${e}`);
  process.exit(1);
});
