import type { ArrearsApi } from './arrears-api';
import type { BookYear, Row, Table } from './book/rows';
import { toCsv } from './csv-files';

/** The people of the demo. Whoever proposes policy cannot approve it. */
export interface People {
  readonly importer: ArrearsApi;
  readonly manager: ArrearsApi;
  readonly approver: ArrearsApi;
}

interface ImportStatus {
  readonly status: string;
  readonly accepted: number;
  readonly rejected: number;
  readonly unchanged: number;
}

interface ImportOutcome {
  readonly accepted: number;
  readonly unchanged: number;
  /** Refused rows as the API returns them: the row, its number, the column, the code and the reason. */
  readonly rejects: readonly string[];
}

/** The presumptions of IFRS 9 5.5.11 and B5.5.37, not rebutted. */
const PRESUMED_DAYS = { sicrDays: 30, defaultDays: 90, probationDays: 0 };

/** Assessments of different debtors, proposed and approved at the same time. */
const AT_ONCE = 8;

export const MATRIX_SCHEME = 'months-6-12-24-36-48';

/**
 * Sends the tables of one year in the order they build on each other, then the policy that its close needs. Returns the refused rows, one line
 * each: none for the generated book, some perhaps for files that were changed by hand.
 */
export async function loadYear(people: People, year: BookYear, asOf: string, say: (line: string) => void): Promise<string[]> {
  const refused: string[] = [];
  for (const table of ['debtors', 'fx-rates', 'receivables', 'movements'] as const) {
    if (year[table].length === 0) continue;
    const { accepted, unchanged, rejects } = await importTable(people.importer, table, year[table]);
    const others = [
      ...(unchanged > 0 ? [`${String(unchanged)} unchanged`] : []),
      ...(rejects.length > 0 ? [`${String(rejects.length)} refused`] : []),
    ];
    say(`  ${table}: ${[`${String(accepted)} accepted`, ...others].join(', ')}`);
    refused.push(...rejects.map((row) => `refused in ${table} of ${asOf}: ${row}`));
  }
  await approveLossRates(people, year['loss-rates'], asOf);
  say(`  loss rates of ${asOf} proposed and approved`);
  await approveStaging(people, year.staging, asOf);
  say(`  stages of other receivables of ${asOf} proposed and approved`);
  for (let from = 0; from < year.assessments.length; from += AT_ONCE)
    await Promise.all(year.assessments.slice(from, from + AT_ONCE).map((row) => approveAssessment(people, row)));
  say(`  ${String(year.assessments.length)} individual assessments proposed and approved`);
  return refused;
}

async function importTable(
  api: ArrearsApi,
  table: Exclude<Table, 'loss-rates' | 'assessments' | 'staging'>,
  rows: readonly Row[],
): Promise<ImportOutcome> {
  const { id } = await api.postCsv<{ id: string }>(`/v1/imports/${table}`, toCsv(table, rows));
  const { accepted, rejected, unchanged } = await api.untilCompleted<ImportStatus>(`/v1/imports/${id}`);
  const rejects = rejected === 0 ? [] : (await api.getText(`/v1/imports/${id}/rejects`)).trim().split(/\r?\n/).slice(1);
  return { accepted, unchanged, rejects };
}

async function approveLossRates({ manager, approver }: People, rows: readonly Row[], asOf: string): Promise<void> {
  for (const kind of new Set(rows.map((row) => row['kind'] ?? ''))) {
    const rates = rows.filter((row) => row['kind'] === kind).map(({ segment, bucket, rate }) => ({ segment, bucket, rate }));
    const body = { kind, scheme: MATRIX_SCHEME, effectiveOn: asOf, rates };
    const { id } = await manager.post<{ id: string }>('/v1/loss-rate-sets', body);
    await approver.post(`/v1/loss-rate-sets/${id}/approve`);
  }
}

async function approveStaging({ manager, approver }: People, rows: readonly Row[], asOf: string): Promise<void> {
  for (const kind of new Set(rows.map((row) => row['kind'] ?? ''))) {
    const parameters = rows
      .filter((row) => row['kind'] === kind)
      .map((row) => ({
        class: row['class'],
        segment: row['segment'],
        pd12Months: row['pd_12_months'],
        pdLifetime: row['pd_lifetime'],
        lgd: row['lgd'],
      }));
    const body = { kind, effectiveOn: asOf, ...PRESUMED_DAYS, parameters };
    const { id } = await manager.post<{ id: string }>('/v1/staging-policies', body);
    await approver.post(`/v1/staging-policies/${id}/approve`);
  }
}

async function approveAssessment({ manager, approver }: People, row: Row): Promise<void> {
  const { id } = await manager.post<{ id: string }>('/v1/individual-assessments', {
    debtorId: row['debtor_id'],
    effectiveOn: row['effective_on'],
    lossRate: row['loss_rate'],
    reason: row['reason'],
  });
  await approver.post(`/v1/individual-assessments/${id}/approve`);
}
