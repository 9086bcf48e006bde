// Trains NLP.js on the answered questions of the transcripts, one intent for
// each answer, and prints how long it takes per question. Run it beside
// `go test ./bot/ask -run - -bench Ask`, on the same machine:
// npm install && npm start
const fs = require('fs');
const path = require('path');
const { NlpManager } = require('node-nlp');

const talk = path.join(__dirname, '..', '..', '..', 'bot', 'testdata', 'talk');

// read returns the questions of a transcript, each with the first line of its answer.
function read(file) {
  const out = [];
  for (const block of fs.readFileSync(file, 'utf8').split(/\n(?=> )/)) {
    const lines = block.split('\n');
    const answer = lines.find((l) => l.startsWith('< '));
    if (lines[0].startsWith('> ') && answer) out.push({ q: lines[0].slice(2), a: answer });
  }
  return out;
}

(async () => {
  const manager = new NlpManager({ languages: ['en', 'ru'], autoSave: false, autoLoad: false, nlu: { log: false, useNoneFeature: true }, forceNER: false });
  const all = [];
  const start = process.hrtime.bigint();
  for (const lang of ['en', 'ru']) {
    for (const name of fs.readdirSync(path.join(talk, lang))) {
      for (const { q, a } of read(path.join(talk, lang, name))) {
        all.push(q);
        if (name !== 'nearmiss.txt') manager.addDocument(lang, q, lang + a);
      }
    }
  }
  await manager.train();
  const trained = Number(process.hrtime.bigint() - start) / 1e6;
  const took = [];
  for (let round = 0; round < 5; round++) {
    for (const q of all) {
      const at = process.hrtime.bigint();
      await manager.process(q);
      took.push(Number(process.hrtime.bigint() - at) / 1e3);
    }
  }
  took.sort((a, b) => a - b);
  const rss = process.memoryUsage().rss / 1e6;
  console.log(`questions ${all.length}, trained in ${trained.toFixed(0)} ms, RSS ${rss.toFixed(0)} MB, ` +
    `p50 ${took[took.length >> 1].toFixed(1)} µs, p99 ${took[Math.floor(took.length * 0.99)].toFixed(1)} µs`);
})();
