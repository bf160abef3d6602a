// node .ci/build.mjs --if-stale && node test/faults/storm.mjs [--alerts 10000] [--groups 200] [--channels 20]
// A close makes 10,000 segment alerts fire at once, in many groups and then in a single one, and Redis is emptied (FLUSHALL, on a Redis of our own) while
// they are told. Every group must be told once on its channel, with one message and no more, and Slack's limit of one message a second and
// channel must never be broken: the fakes answer 429 when it is. Prints the figures; exits 1 when any of that fails.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Receivers, startSlack } from './channels.mjs';
import { Book, option, ROOT, startPostgresql, startRedis } from './processes.mjs';

const require = createRequire(import.meta.url);
const ALERTS = Number(option('alerts', '10000'));
const GROUPS = Number(option('groups', '200'));
const CHANNELS = Number(option('channels', '20'));
const PATIENCE_MS = 900_000;
const SCHEME = 'days-past-due-30-60-90';
const GROSS = 100_000n;

/** A close of so many segments of so many buckets, each at the same loss rate, as provisioning records it. */
function closeEvents(asOf, segments, buckets, percent) {
  const cells = segments * buckets;
  const sums = (count) => ({ gross: String(GROSS * BigInt(count)), allowance: String((GROSS * BigInt(count) * BigInt(percent)) / 100n) });
  const figures = { ...sums(cells), collective: sums(cells), individual: { gross: '0', allowance: '0' } };
  const shared = { closeId: asOf, asOf, position: 1 };
  const provision = {
    ...shared,
    currency: 'CNY',
    resultHash: `${asOf} ${percent}`,
    lossRateSets: [],
    total: figures,
    kinds: [{ kind: 'trade', ...figures }],
    buckets: Array.from({ length: cells }, (_, cell) => ({
      kind: 'trade',
      scheme: SCHEME,
      segment: `segment ${cell % segments}`,
      bucket: `bucket ${Math.floor(cell / segments)}`,
      rate: `0.${String(percent).padStart(2, '0')}`,
      ...sums(1),
    })),
    warnings: [],
  };
  const snapshot = { ...shared, currency: 'CNY', total: figures.gross, byAge: [] };
  const completed = { ...shared, provision: 'computed', problem: null };
  return [
    { type: 'AgeingSnapshotTaken', effectiveOn: asOf, data: snapshot },
    { type: 'ProvisionRecomputed', effectiveOn: asOf, data: provision },
    { type: 'CloseCompleted', effectiveOn: asOf, data: completed },
  ];
}

async function recordClose(store, asOf, events) {
  const context = { tenantId: 1, principalId: randomUUID(), correlationId: randomUUID() };
  await store.appendSingle(context, { category: 'close', key: asOf, expectedVersion: 0, events });
}

async function storm(name, server, redis, { segments, buckets, rules, channels: channelCount }) {
  const { Database, EventStore } = require(join(ROOT, 'dist/libs/event-store/src'));
  const { bookEvents } = require(join(ROOT, 'dist/libs/book/src'));
  const receivers = new Receivers();
  const slack = await startSlack(receivers);
  const book = await Book.create(server.url, redis.url);
  const database = new Database({ connectionString: book.url, role: 'arrears_worker', applicationName: 'storm', poolSize: 2 });
  try {
    const store = new EventStore(database, bookEvents);
    const channels = [];
    for (let n = 0; n < channelCount; n++) channels.push((await book.call('POST', '/v1/channels', slack.webhook(n))).id);
    await recordClose(store, '2025-12-31', closeEvents('2025-12-31', segments, buckets, 10));
    for (let n = 0; n < rules; n++) {
      const definition = { type: 'loss-rate-shift', base: 'previous-close', enter: '0.05', materiality: '0' };
      if (rules > 1) definition.segment = `segment ${n}`;
      await book.call('POST', '/v1/alert-rules', {
        name: `Rule ${n}`,
        severity: 'critical',
        channels: [channels[n % channelCount]],
        definition,
      });
    }
    const worker = book.startWorker(undefined, 60);
    await recordClose(store, '2026-06-30', closeEvents('2026-06-30', segments, buckets, 30));
    const started = performance.now();
    const figures = async () =>
      (
        await book.rows(
          `SELECT (SELECT count(*)::int FROM es.event WHERE type = 420) AS alerts, count(*)::int AS messages,
                  count(*) FILTER (WHERE state = 'succeeded')::int AS told FROM al.delivery`,
        )
      )[0];
    let now = await figures();
    let flushedAt = null;
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(100)) {
      now = await figures();
      // In the middle: everything is decided, a part is told, and the queue holds the rest.
      if (flushedAt === null && now.messages >= rules && (rules === 1 || now.told >= rules / 4)) {
        await redis.flushAll();
        flushedAt = now.told;
      }
      if (now.messages >= rules && now.told === now.messages) break;
      if (worker.child.exitCode !== null) throw new Error(`The worker ended by itself: ${worker.log()}`);
    }
    const seconds = Math.round((performance.now() - started) / 1_000);
    const groups = (await book.rows(`SELECT count(DISTINCT data->>'groupId')::int AS groups FROM es.event WHERE type = 430`))[0].groups;
    const taken = [...receivers.taken.values()];
    const result = {
      alerts: now.alerts,
      groups,
      messages: now.messages,
      'taken by Slack': taken.reduce((sum, count) => sum + count, 0),
      'groups told twice': taken.filter((count) => count > 1).length,
      'told when Redis was emptied': flushedAt,
      channels: channelCount,
      'smallest gap, ms': receivers.smallestGapMs === Number.POSITIVE_INFINITY ? null : Math.round(receivers.smallestGapMs),
      seconds,
    };
    const isGood =
      now.alerts === segments * buckets &&
      groups === rules &&
      now.messages === rules &&
      now.told === rules &&
      result['taken by Slack'] === rules;
    return { name, result, isGood: isGood && flushedAt !== null && receivers.smallestGapMs >= 1_000 };
  } finally {
    await database.close();
    await book.drop();
    slack.stop();
  }
}

const server = await startPostgresql();
const redis = await startRedis();
if (redis === null) throw new Error('There is no redis-server to empty.');
try {
  const storms = [
    await storm('many groups', server, redis, { segments: GROUPS, buckets: ALERTS / GROUPS, rules: GROUPS, channels: CHANNELS }),
    await storm('one group', server, redis, { segments: 1, buckets: ALERTS, rules: 1, channels: 1 }),
  ];
  console.table(Object.fromEntries(storms.map(({ name, result }) => [name, result])));
  const isGood = storms.every((one) => one.isGood);
  console.log(isGood ? 'every group told once, the limit never broken' : 'FAILED');
  process.exitCode = isGood ? 0 : 1;
} finally {
  await redis.stop();
  await server.stop();
}
