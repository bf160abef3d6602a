import { Decimal } from '@app/credit-domain';

interface Check {
  readonly caseId: string;
  readonly what: string;
  readonly ours: string;
  readonly published: string;
  readonly outcome: 'passed' | 'failed' | 'publisher';
}

/** Every comparison with a published figure, so that what was checked can be counted and what failed can be read. */
export class Tally {
  private readonly checks: Check[] = [];

  /** Within `tolerance` of the published figure, both in the unit of the note. `publisherBreak` says why a difference is the publisher's. */
  compare(
    caseId: string,
    what: string,
    ours: Decimal,
    published: number,
    tolerance: Decimal | number | string,
    publisherBreak?: string,
  ): void {
    const within = ours.minus(String(published)).abs().lte(tolerance);
    const outcome = within ? 'passed' : publisherBreak === undefined ? 'failed' : 'publisher';
    this.checks.push({
      caseId,
      what: publisherBreak === undefined ? what : `${what} (${publisherBreak})`,
      ours: ours.toFixed(),
      published: String(published),
      outcome,
    });
  }

  failuresOf(caseId: string): string[] {
    return this.of('failed')
      .filter((check) => check.caseId === caseId)
      .map(({ what, ours, published }) => `${what}: ${ours}, published ${published}`);
  }

  countOf(caseId: string): number {
    return this.checks.filter((check) => check.caseId === caseId).length;
  }

  /** Lines to print: what the publisher got wrong, and the counts. */
  summary(): string {
    const cases = new Set(this.checks.map(({ caseId }) => caseId)).size;
    const wrong = this.of('publisher').map(({ caseId, what, ours, published }) => `  ${caseId}: ${what}: ${ours}, printed ${published}`);
    const [passed, failed] = [this.of('passed').length, this.of('failed').length];
    return [
      `Published cases: ${String(cases)} run; figures compared: ${String(this.checks.length)}, ${String(passed)} equal within the printed precision, ${String(failed)} not.`,
      `Differences that are the publisher's own: ${String(wrong.length)}`,
      ...wrong,
      '',
    ].join('\n');
  }

  private of(outcome: Check['outcome']): Check[] {
    return this.checks.filter((check) => check.outcome === outcome);
  }
}
