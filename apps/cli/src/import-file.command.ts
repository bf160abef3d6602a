import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { callApi } from './call-api';
import { CommandFailure } from './command-failure';

const POLL_MS = 250;

interface ImportStatus {
  readonly status: 'queued' | 'running' | 'completed' | 'failed';
  readonly accepted: number;
  readonly rejected: number;
  readonly unchanged: number;
}

/** `arrears import <kind> <file> [--dry-run]`: 0 when every row was taken; refused rows are written to `<file>.refused.csv`. */
export async function importFile(args: readonly string[]): Promise<number> {
  const [kind = '', file = ''] = args.filter((one) => !one.startsWith('--'));
  const { size } = await stat(file).catch(() => {
    throw new CommandFailure(`${file} cannot be read.`);
  });
  const path = `/v1/imports/${encodeURIComponent(kind)}${args.includes('--dry-run') ? '?dryRun=true' : ''}`;
  const contentType = /\.(ndjson|jsonl)$/.test(file) ? 'application/x-ndjson' : 'text/csv';
  const { id } = JSON.parse(await callApi({ method: 'POST', path, contentType, body: createReadStream(file).pipe(progress(size)) })) as {
    id: string;
  };
  for (;;) {
    const found = JSON.parse(await callApi({ method: 'GET', path: `/v1/imports/${id}` })) as ImportStatus;
    const counts = `${String(found.accepted)} accepted, ${String(found.unchanged)} unchanged, ${String(found.rejected)} refused`;
    show(`${found.status}: ${counts}`);
    if (found.status === 'completed' || found.status === 'failed') {
      show('');
      process.stdout.write(`import ${id} ${found.status}: ${counts}\n`);
      return (await saveRefused(id, file, found.rejected)) && found.status === 'completed' ? 0 : 1;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function saveRefused(id: string, file: string, rejected: number): Promise<boolean> {
  if (rejected === 0) return true;
  const target = `${file}.refused.csv`;
  await writeFile(target, await callApi({ method: 'GET', path: `/v1/imports/${id}/rejects` }));
  process.stdout.write(`refused rows: ${target}\n`);
  return false;
}

function progress(totalBytes: number): Transform {
  let sent = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      show(`sending ${String(Math.floor((sent * 100) / Math.max(totalBytes, 1)))} %`);
      done(null, chunk);
    },
  });
}

function show(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}
