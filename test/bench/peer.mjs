// What a capable user would do instead: plain tables, COPY, indexes and one SQL query; and a bare INSERT into an event table.
import { createRequire } from 'node:module';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { iso, receivable } from './book.mjs';
import { now, percentile } from './measure.mjs';

const require = createRequire(import.meta.url);
const { Client } = require('pg');
const { from: copyFrom } = require('pg-copy-streams');

const BUCKETS = `CASE
  WHEN $1::date <= r.recognised_on + interval '6 months' THEN 0 WHEN $1::date <= r.recognised_on + interval '12 months' THEN 1
  WHEN $1::date <= r.recognised_on + interval '2 years' THEN 2 WHEN $1::date <= r.recognised_on + interval '3 years' THEN 3
  WHEN $1::date <= r.recognised_on + interval '4 years' THEN 4 ELSE 5 END`;

export class PlainBook {
  constructor(client) {
    this.client = client;
  }

  static async create(url) {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`CREATE TABLE receivable (id text, debtor text, kind text, amount bigint, recognised_on date, invoiced_on date, due_on date, document_no text);
      CREATE TABLE settlement (id text, receivable_id text, amount bigint, effective_on date)`);
    return new PlainBook(client);
  }

  /** COPY of the same rows, then the indexes; milliseconds. */
  async load(size, debtors) {
    const begun = now();
    const copy = async (table, rows) => pipeline(Readable.from(rows), this.client.query(copyFrom(`COPY ${table} FROM STDIN`)));
    await copy(
      'receivable',
      lines(
        size,
        (r, i) => `${r.id}\tD${r.debtor}\t${r.kind}\t${r.amount}\t${iso(r.day)}\t${iso(r.day)}\t${iso(r.day + 90)}\tN${i}\n`,
        debtors,
      ),
    );
    await copy(
      'settlement',
      lines(size, (r, i) => r.payments.map(([day, amount], n) => `M${i}-${n}\t${r.id}\t${amount}\t${iso(day)}\n`).join(''), debtors),
    );
    await this.client.query(`ALTER TABLE receivable ADD PRIMARY KEY (id); CREATE INDEX ON receivable (debtor);
      ALTER TABLE settlement ADD PRIMARY KEY (id); CREATE INDEX ON settlement (receivable_id); CREATE INDEX ON settlement (effective_on)`);
    const ms = now() - begun;
    await this.client.query('VACUUM ANALYZE');
    return ms;
  }

  /** Median of the best plan (workers and memory allowed) for the ageing in total as of a date. */
  async ageing(rounds, next) {
    await this.client.query(`SET work_mem = '256MB'`);
    const times = [];
    for (let i = 0; i < rounds; i++) {
      const begun = now();
      await this.client.query(
        `SELECT ${BUCKETS} AS bucket, sum(r.amount - COALESCE(s.paid, 0)) FROM receivable r
         LEFT JOIN (SELECT receivable_id, sum(amount) AS paid FROM settlement WHERE effective_on <= $1 GROUP BY 1) s ON s.receivable_id = r.id
         WHERE r.recognised_on <= $1 GROUP BY 1`,
        [iso(1_500 + next(700))],
      );
      times.push(now() - begun);
    }
    return percentile(times, 50);
  }

  async ageingByDebtor() {
    const begun = now();
    await this.client.query(
      `SELECT r.debtor, ${BUCKETS} AS bucket, sum(r.amount - COALESCE(s.paid, 0)) FROM receivable r
       LEFT JOIN (SELECT receivable_id, sum(amount) AS paid FROM settlement WHERE effective_on <= $1 GROUP BY 1) s ON s.receivable_id = r.id
       WHERE r.recognised_on <= $1 GROUP BY 1, 2`,
      [iso(2_500)],
    );
    return now() - begun;
  }

  close() {
    return this.client.end();
  }
}

function* lines(size, toLine, debtors) {
  let piece = '';
  for (let i = 0; i < size; i++) {
    piece += toLine(receivable(i, debtors), i);
    if (i % 5_000 === 4_999) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

/** One-row INSERTs of the same event by as many clients, each its own commit; rows per second. */
export async function bareInserts(url, clients, seconds, data) {
  const connections = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  await connections[0]
    .query(`CREATE TABLE bare_event (position bigserial PRIMARY KEY, stream text NOT NULL, version int NOT NULL, type smallint NOT NULL,
    effective_on date NOT NULL, recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(), data jsonb NOT NULL, UNIQUE (stream, version))`);
  const deadline = now() + seconds * 1_000;
  let inserted = 0;
  await Promise.all(
    connections.map(async (client, n) => {
      for (let i = 0; now() < deadline; i++) {
        await client.query({
          name: 'bare',
          text: 'INSERT INTO bare_event (stream, version, type, effective_on, data) VALUES ($1, 1, 1, $2, $3)',
          values: [`${n}-${i}`, '2026-01-31', data],
        });
        inserted += 1;
      }
    }),
  );
  await Promise.all(connections.map((client) => client.end()));
  return inserted / seconds;
}
