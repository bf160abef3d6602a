import type { CompletedRun } from '../provision-runs/provision-run.fold';
import { postedBefore, type PostedRun } from './posted-runs';

const posted = (runId: string, asOf: string, kinds: readonly string[] | null = null): PostedRun => ({
  ...{ runId, asOf, kinds, currency: 'CNY', postedPosition: 1n },
});
const run = (asOf: string, kinds: readonly string[] | null = null): CompletedRun =>
  ({ request: { runId: 'this', asOf, kinds } }) as unknown as CompletedRun;

describe('the run posted before', () => {
  it('is the latest one of the same kinds; on one date the one posted last', () => {
    const books = [posted('b', '2024-06-30'), posted('a', '2024-06-30'), posted('old', '2023-12-31')];
    expect(postedBefore(books, run('2024-12-31'))?.runId).toBe('b');
    expect(postedBefore([], run('2024-12-31'))).toBeNull();
    expect(postedBefore([posted('t', '2023-12-31', ['trade'])], run('2024-12-31', ['other']))).toBeNull();
  });

  it('is none that would be booked twice: not past the date, not of kinds that overlap', () => {
    expect(() => postedBefore([posted('later', '2025-03-31')], run('2024-12-31'))).toThrow('after 2024-12-31');
    expect(() => postedBefore([posted('trade', '2023-12-31', ['trade'])], run('2024-12-31'))).toThrow('of other kinds');
  });
});
