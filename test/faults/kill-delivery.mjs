// node .ci/build.mjs --if-stale && node test/faults/kill-delivery.mjs [--seeds 200] [--from 1] [--queue postgresql|redis|both] [--points sent,answered]
// Kills a real worker (for `decided` the api) with SIGKILL at each of six points between the decision to tell somebody and its recorded outcome,
// once a seed, while the channels answer 429, 5xx, nothing, or drop the connection. Every message must arrive; one may arrive twice only when it
// was taken and nobody could say so: the answer never came, or the process died before it was on record. A Slack bot is asked first and never
// tells twice. Prints a table; exits 1 when a message was lost or told once too often.
import { setTimeout as sleep } from 'node:timers/promises';
import { Receivers, startMail, startSlack } from './channels.mjs';
import { Book, option, seeded, startPostgresql, startRedis } from './processes.mjs';

const POINTS = ['decided', 'claimed', 'attempted', 'sent', 'answered', 'recorded'];
/** Where the process can die after the message was taken and before that is on record. */
const WINDOW = new Set(['sent', 'answered']);
const KINDS = ['webhook', 'bot', 'email'];
const CHANNELS_OF_A_KIND = 3;
const SEEDS = Number(option('seeds', '30'));
const FROM = Number(option('from', '1'));
const points = option('points', POINTS.join(',')).split(',');
const EXIT_PATIENCE_MS = 40_000;
const SETTLE_PATIENCE_MS = 180_000;
/** Answers without the message; then it is taken. */
const REFUSALS = [{ status: 429, retryAfter: '1' }, { status: 500 }, { status: 503, retryAfter: '1' }, 'lose'];

/** What the channel answers before `ok`, by seed; `openEnd`: the message is taken once and nobody is told. */
function scriptOf(random, point) {
  const script = [];
  while (script.length < 2 && random() < 0.4) script.push(REFUSALS[Math.floor(random() * REFUSALS.length)]);
  const openEnd = !WINDOW.has(point) && random() < 0.1;
  if (openEnd) script.push(random() < 0.15 ? 'hang' : 'drop');
  return { script, openEnd };
}

/** Messages without an outcome. */
async function pendingIds(book) {
  return (await book.rows(`SELECT delivery_id AS id FROM al.delivery WHERE state = 'pending'`)).map(({ id }) => id);
}

/** Waits for the outcome of everything: a message that dies a second time would say nothing about one death. */
async function settle(book) {
  for (const until = Date.now() + SETTLE_PATIENCE_MS; Date.now() < until; await sleep(50)) {
    if ((await pendingIds(book)).length === 0) return;
  }
}

async function killOnce(book, receivers, channels, point, seed) {
  const random = seeded(seed * 1_000 + POINTS.indexOf(point));
  const kind = KINDS[Math.floor(random() * KINDS.length)];
  const channelId = channels[kind][Math.floor(random() * CHANNELS_OF_A_KIND)];
  const { script, openEnd } = scriptOf(random, point);
  const isArmed = point !== 'sent' && point !== 'decided';
  const worker = book.startWorker(isArmed ? { point, except: await pendingIds(book) } : undefined);
  await settle(book);
  const told = { point, seed, kind, openEnd, reached: true, id: null };
  if (point === 'decided') {
    const killed = await killTheApi(book, channelId);
    worker.child.kill('SIGTERM');
    await worker.exited;
    return { ...told, openEnd: false, ...killed };
  }
  if (point === 'sent') {
    // The request it dies at was read and is never answered.
    receivers.next = () => {
      worker.child.kill('SIGKILL');
      return 'hang';
    };
  } else receivers.script = script;
  const { id } = await book.call('POST', `/v1/channels/${channelId}/test`);
  const isDead = await Promise.race([worker.exited.then(() => true), sleep(EXIT_PATIENCE_MS, false, { ref: false })]);
  if (!isDead) {
    worker.child.kill('SIGKILL');
    await worker.exited;
  } else if (worker.child.signalCode !== 'SIGKILL') throw new Error(`The worker ended by itself: ${worker.log()}`);
  return { ...told, openEnd: openEnd && point !== 'sent', id, reached: isDead };
}

/** The decision is committed, the client hears nothing, nobody rings. */
async function killTheApi(book, channelId) {
  await book.stopApi();
  const api = await book.startApi({ point: 'decided' });
  const reached = await book.call('POST', `/v1/channels/${channelId}/test`).then(
    () => false,
    () => true,
  );
  await api.exited;
  await book.startApi();
  const [{ delivery_id: id }] = await book.rows('SELECT delivery_id FROM al.delivery ORDER BY position DESC LIMIT 1');
  return { id, reached };
}

/** The figures of one queue and point. */
function figuresOf(kills, receivers, states) {
  const times = (kill) => receivers.taken.get(kill.id) ?? 0;
  const twice = kills.filter((kill) => times(kill) === 2);
  const inWindow = (kill) => WINDOW.has(kill.point);
  return {
    kills: kills.length,
    'not reached': kills.filter(({ reached }) => !reached).length,
    lost: kills.filter((kill) => times(kill) === 0).length,
    'told twice: died before recording': twice.filter((kill) => inWindow(kill)).length,
    'told twice: no answer': twice.filter((kill) => !inWindow(kill) && kill.openEnd).length,
    'told twice: else': twice.filter((kill) => !inWindow(kill) && !kill.openEnd).length,
    'more than twice': kills.filter((kill) => times(kill) > 2).length,
    'bot told twice': kills.filter((kill) => kill.kind === 'bot' && times(kill) > 1).length,
    'without outcome': kills.filter(({ id }) => states.get(id) !== 'succeeded').length,
  };
}

async function runOn(queue, server, redis) {
  const receivers = new Receivers();
  const [slack, mail] = [await startSlack(receivers), await startMail(receivers)];
  const book = await Book.create(server.url, redis?.url ?? null);
  const started = performance.now();
  try {
    const channels = { webhook: [], bot: [], email: [] };
    for (let n = 0; n < CHANNELS_OF_A_KIND; n++) {
      channels.webhook.push((await book.call('POST', '/v1/channels', slack.webhook(n))).id);
      channels.bot.push((await book.call('POST', '/v1/channels', slack.bot(n))).id);
      channels.email.push((await book.call('POST', '/v1/channels', mail.mailbox(n))).id);
    }
    const kills = [];
    for (let seed = FROM; seed < FROM + SEEDS; seed++)
      for (const point of points) kills.push(await killOnce(book, receivers, channels, point, seed));
    book.startWorker(undefined);
    await settle(book);
    const states = new Map((await book.rows('SELECT delivery_id, state FROM al.delivery')).map((row) => [row.delivery_id, row.state]));
    const requested = states.size;
    const table = Object.fromEntries(
      points.map((point) => [
        point,
        figuresOf(
          kills.filter((kill) => kill.point === point),
          receivers,
          states,
        ),
      ]),
    );
    table.all = figuresOf(kills, receivers, states);
    console.log(`\n${queue}: ${kills.length} kills, ${Math.round((performance.now() - started) / 1_000)} s`);
    console.table(table);
    console.log('answers of the channels:', JSON.stringify(receivers.answers));
    console.log(`smallest gap between two messages of one Slack channel: ${receivers.smallestGapMs.toFixed(0)} ms`);
    const all = table.all;
    const bad =
      all.lost +
      all['told twice: else'] +
      all['more than twice'] +
      all['bot told twice'] +
      all['without outcome'] +
      (requested - kills.length);
    if (all.lost > 0 || bad > 0) {
      const wrong = kills.filter((kill) => (receivers.taken.get(kill.id) ?? 0) !== 1 || states.get(kill.id) !== 'succeeded');
      for (const kill of wrong)
        console.log(JSON.stringify({ ...kill, taken: receivers.taken.get(kill.id) ?? 0, state: states.get(kill.id) }));
    }
    return bad === 0 && receivers.smallestGapMs >= 1_000;
  } finally {
    await book.drop();
    slack.stop();
    mail.stop();
  }
}

const server = await startPostgresql();
const queues = { postgresql: ['postgresql'], redis: ['redis'], both: ['postgresql', 'redis'] }[option('queue', 'both')];
let isGood = true;
try {
  for (const queue of queues) {
    const redis = queue === 'redis' ? await startRedis() : null;
    if (queue === 'redis' && redis === null) {
      console.log('redis: skipped, there is no redis-server');
      continue;
    }
    try {
      isGood = (await runOn(queue, server, redis)) && isGood;
    } finally {
      await redis?.stop();
    }
  }
} finally {
  await server.stop();
}
console.log(isGood ? 'nothing lost, nothing told once too often' : 'FAILED');
process.exitCode = isGood ? 0 : 1;
