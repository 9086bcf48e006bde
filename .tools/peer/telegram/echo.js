// A bot on grammY that repeats what it hears, in the order of each chat, for main.go.
const { Bot } = require('grammy');
const { run, sequentialize } = require('@grammyjs/runner');

const bot = new Bot(process.env.TOKEN, { client: { apiRoot: process.env.BASE } });
bot.use(sequentialize((ctx) => String(ctx.chat?.id)));
bot.on('message:text', (ctx) => ctx.api.sendMessage(ctx.chat.id, ctx.message.text));
run(bot);
