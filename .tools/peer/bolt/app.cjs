// A small app on Bolt for JavaScript, for TestBolt of bot/slack/slacktest: it shows
// whether the fake Slack is one to a library that others wrote.
const { App, LogLevel } = require('@slack/bolt');
const { version } = require('@slack/bolt/package.json');

const { TOKEN, APP_TOKEN, SIGNING_SECRET, API_URL } = process.env;
const socketMode = Boolean(APP_TOKEN);
const app = new App({
  token: TOKEN, signingSecret: SIGNING_SECRET, logLevel: LogLevel.WARN, clientOptions: { slackApiUrl: API_URL },
  ...(socketMode && { socketMode, appToken: APP_TOKEN, installerOptions: { clientOptions: { slackApiUrl: API_URL } } }),
});
const plain = (text) => ({ type: 'plain_text', text });
const row = { type: 'actions', elements: [{ type: 'button', action_id: 'share', text: plain('Share'), value: '1' }] };
const field = { type: 'input', block_id: 'why', label: plain('Why?'), element: { type: 'plain_text_input', action_id: 'text' } };

app.command('/wps', async ({ ack, command }) => ack({ text: `You asked: ${command.text}`, blocks: [row] }));
app.command('/later', async ({ ack, respond }) => { await ack(); await respond({ text: 'later', response_type: 'in_channel' }); });
app.action('share', async ({ ack, body, respond, client }) => {
  await ack();
  await respond({ delete_original: true });
  await client.chat.postMessage({ channel: body.channel.id, text: 'shared' });
});
app.event('app_mention', async ({ event, say }) => say({ text: 'in the thread', thread_ts: event.ts }));
app.event('app_home_opened', async ({ event, client }) => client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [row] } }));
app.shortcut('ask', async ({ ack, shortcut, client }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: { type: 'modal', callback_id: 'form', title: plain('Ask'), submit: plain('Send'), blocks: [field] } });
});
app.view('form', async ({ ack, view }) => {
  const { value } = view.state.values.why.text;
  await ack(value === 'bad' ? { response_action: 'errors', errors: { why: 'no' } } : undefined);
});

(async () => {
  const server = await app.start(socketMode ? undefined : { port: 0, host: '127.0.0.1' });
  console.log(JSON.stringify({ version, port: socketMode ? 0 : server.address().port }));
})();
