import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setUpAlerts } from './alert-setup';
import { ArrearsApi } from './arrears-api';
import type { RunningArrears } from './arrears-process';
import { startArrears } from './arrears-process';
import { ASSUMPTIONS } from './book/assumed-flow';
import { generateBook } from './book/generate-book';
import type { Book, YearName } from './book/rows';
import { YEAR_NAMES } from './book/rows';
import { backTestLossRates, checkAlerts } from './check-alerts';
import { differencesFromNote, printedFigures } from './compare-note';
import { readBook, writeBook } from './csv-files';
import { DERIVED } from './derived-figures';
import type { Explained } from './explain-movement';
import { explainMovement, postRuns } from './explain-movement';
import type { People } from './load-year';
import { loadYear } from './load-year';
import { readNote, runProvision } from './disclosed-note';
import { gatherEvidence, measureBook } from './measure-book';
import { exactTotals, printNote } from './print-note';
import { PUBLISHED } from './published';
import { startSlackReceiver } from './receivers/slack-receiver';
import { startSmtpReceiver } from './receivers/smtp-receiver';

const STANDALONE_MAIN = join(__dirname, '../../../standalone/src/main.js');
const ALERTS_WAIT_MS = 60_000;
const USAGE = `npm run demo [-- --write <folder>] [-- --input <folder>]
  --write  writes the generated book as CSV files and stops
  --input  loads the CSV files of a folder instead of the generated book
  ARREARS_URL and ARREARS_KEY (an administrator's key) use a running Arrears instead of starting one.`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function setUpPeople(admin: ArrearsApi): Promise<People> {
  const person = async (name: string, roles: readonly string[]): Promise<ArrearsApi> => {
    const { id } = await admin.post<{ id: string }>('/v1/principals', { name, roles });
    const { key } = await admin.post<{ key: string }>(`/v1/principals/${id}/keys`);
    return admin.as(key);
  };
  return {
    importer: await person('ERP feed', ['ingest']),
    manager: await person('Credit manager', ['manager', 'viewer']),
    approver: await person('Approver', ['approver', 'viewer']),
  };
}

async function closeBooks(manager: ArrearsApi, asOf: string): Promise<void> {
  const { id } = await manager.post<{ id: string }>('/v1/closes', { asOf });
  await manager.untilCompleted(`/v1/closes/${id}`);
  say(`  books closed at ${asOf}`);
}

/** Loads both years, prints the tables and the alerts, and returns what differs from the published note. */
async function runDemo(baseUrl: string, adminKey: string, book: Book): Promise<string[]> {
  const [slack, smtp] = [await startSlackReceiver(), await startSmtpReceiver()];
  try {
    const admin = new ArrearsApi(baseUrl, adminKey);
    await admin.put('/v1/tenant', { presentationCurrency: 'CNY' });
    const people = await setUpPeople(admin);
    await setUpAlerts(admin, people.manager, slack, smtp);
    heading('What was loaded');
    const opening = await loadAndRun(people, book, 'fy2023');
    const closing = await loadAndRun(people, book, 'fy2024');
    const differences = [...opening.refused, ...closing.refused];
    heading('Note 11');
    differences.push(...(await discloseBothYears(people.manager, opening.runId, closing.runId)));
    const tell = (title: string, { text, differences: found }: Explained): void => {
      heading(title);
      say(text);
      differences.push(...found);
    };
    tell('The allowance from FY2023 to FY2024', await explainMovement(people.manager, opening.runId, closing.runId));
    tell('The journal', await postRuns(people, [opening.runId, closing.runId]));
    tell('Evidence for loss rates', await gatherEvidence(people.manager));
    tell('Metrics', await measureBook(people.manager));
    heading('Alerts');
    await waitForAlerts(slack.messages, smtp.mails);
    printAlerts(slack.messages, smtp.mails);
    tell(
      'What the alerts said',
      checkAlerts([
        { channel: 'Slack', messages: slack.messages },
        { channel: 'email', messages: smtp.mails.map(({ text }) => text) },
      ]),
    );
    tell('A rule before it is saved', await backTestLossRates(people.manager, () => slack.messages.length + smtp.mails.length));
    return differences;
  } finally {
    await Promise.all([slack.stop(), smtp.stop()]);
  }
}

function heading(title: string): void {
  say(`\n${title}\n${'='.repeat(title.length)}`);
}

async function loadAndRun(people: People, book: Book, year: YearName): Promise<{ runId: string; refused: string[] }> {
  const { asOf } = PUBLISHED[year];
  say(year.toUpperCase());
  const refused = await loadYear(people, book[year], asOf, say);
  await closeBooks(people.manager, asOf);
  return { runId: await runProvision(people.manager, asOf), refused };
}

/** Prints the note of FY2024 with FY2023 beside it and returns every figure of either year that is not the published one. */
async function discloseBothYears(api: ArrearsApi, openingRun: string, closingRun: string): Promise<string[]> {
  const note = await readNote(api, closingRun, openingRun);
  say([printNote(note), exactTotals(await readNote(api, openingRun)), exactTotals(note)].join('\n\n'));
  // FY2023 is run again at the end: what FY2024 brought must not have changed it.
  const again = await readNote(api, await runProvision(api, PUBLISHED.fy2023.asOf));
  const differences = [
    ...differencesFromNote(note, 'current', PUBLISHED.fy2024),
    ...differencesFromNote(note, 'comparative', PUBLISHED.fy2023),
    ...differencesFromNote(again, 'current', PUBLISHED.fy2023).map((difference) => `asked again: ${difference}`),
  ];
  const compared = YEAR_NAMES.reduce((sum, year) => sum + printedFigures(PUBLISHED[year]).length, 0);
  say(`\n  ${String(compared)} figures compared with the published note, FY2023 once more with FY2024 loaded: ${verdict(differences)}.`);
  return differences;
}

const verdict = (differences: readonly string[]): string =>
  differences.length === 0 ? 'all as published' : `${String(differences.length)} not as published`;

async function waitForAlerts(...received: readonly (readonly unknown[])[]): Promise<void> {
  const givenUpAt = Date.now() + ALERTS_WAIT_MS;
  while (Date.now() < givenUpAt && received.some((messages) => messages.length < DERIVED.alerts.messages)) await delay(100);
}

function printAlerts(messages: readonly string[], mails: readonly { readonly subject: string; readonly text: string }[]): void {
  const indented = (text: string): string => text.replace(/^/gm, '    ');
  say('Received by the Slack webhook');
  for (const message of messages) say(`${indented(message)}\n`);
  say('Received by email');
  for (const { subject, text } of mails) say(`${indented(`Subject: ${subject}\n${text}`)}\n`);
}

/** An interrupted demo takes the process it started and its data folder with it. */
function stopOnSignal(running: RunningArrears | undefined): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void Promise.resolve(running?.stop()).finally(() => process.exit(1));
    });
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { input: { type: 'string' }, write: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    say(USAGE);
    return 0;
  }
  const book = values.input === undefined ? generateBook() : readBook(values.input);
  if (values.write !== undefined) {
    writeBook(values.write, book);
    say(`The book was written to ${values.write}.`);
    return 0;
  }
  say(`A published note on receivables, rebuilt from receivables and events.\nSource: ${PUBLISHED.source}`);
  const { ARREARS_URL: url, ARREARS_KEY: key } = process.env;
  const running = url !== undefined && key !== undefined ? undefined : await startArrears(STANDALONE_MAIN);
  stopOnSignal(running);
  try {
    const differences = await runDemo(running?.baseUrl ?? url ?? '', running?.adminKey ?? key ?? '', book);
    heading('Assumed, because the note does not say it');
    say(ASSUMPTIONS.map((assumption) => `  - ${assumption}`).join('\n'));
    heading('Result');
    if (differences.length === 0) say('Every figure equals the published one.');
    else say(`Differences from the published note:\n${differences.map((difference) => `  ${difference}`).join('\n')}`);
    return differences.length === 0 ? 0 : 1;
  } finally {
    await running?.stop();
  }
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`The demo stopped: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
