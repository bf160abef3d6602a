import { localDate, type AgeingScheme, type FxRate } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import type { DebtorExposureCell, ExposureCell } from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';
import { BookReading } from '../calculate/book-reading';
import { withoutNamed } from '../calculate/gather-input';
import { WHAT_IF_SCHEME, type CheckedChanges } from './what-if.query';

/** The book as it would read with debtors in other segments, other exchange rates, or buckets that nobody has defined. */
export class ChangedBook extends BookReading {
  private readonly segmentOf: ReadonlyMap<string, string>;

  constructor(
    queries: QueryBus,
    at: { readonly tenantId: number; readonly asOf: string; readonly position: Position },
    private readonly changes: CheckedChanges,
  ) {
    super(queries, at.tenantId, at.asOf, at.position);
    this.segmentOf = new Map((changes.segments ?? []).map(({ debtorId, segment }) => [debtorId, segment]));
  }

  override scheme(id: string): Promise<AgeingScheme> {
    const { customScheme } = this.changes;
    return id === WHAT_IF_SCHEME && customScheme !== null ? Promise.resolve(customScheme) : super.scheme(id);
  }

  override async exposure(scheme: AgeingScheme): Promise<readonly ExposureCell[]> {
    const pools = await super.exposure(scheme);
    if (this.segmentOf.size === 0) return pools;
    const moving = [
      ...(await super.debtorExposure(scheme, [...this.segmentOf.keys()], 'collective')),
      ...(await super.debtorExposure(scheme, [...this.segmentOf.keys()], 'individual')),
    ];
    return [...withoutNamed(pools, moving), ...moving.map((cell) => this.moved(cell))];
  }

  override async debtorExposure(
    scheme: AgeingScheme,
    debtorIds: readonly string[],
    assessed: 'collective' | 'individual',
  ): Promise<readonly DebtorExposureCell[]> {
    return (await super.debtorExposure(scheme, debtorIds, assessed)).map((cell) => this.moved(cell));
  }

  protected override async knownRates(): Promise<readonly FxRate[]> {
    const recorded = await super.knownRates();
    const given = (this.changes.fxRates ?? []).map((rate) => ({ ...rate, effectiveOn: localDate(this.asOf) }));
    const isReplaced = ({ base, quote }: FxRate): boolean =>
      given.some((rate) => (rate.base === base && rate.quote === quote) || (rate.base === quote && rate.quote === base));
    return [...recorded.filter((rate) => !isReplaced(rate)), ...given];
  }

  private moved(cell: DebtorExposureCell): DebtorExposureCell {
    return { ...cell, segment: this.segmentOf.get(cell.debtorId) ?? cell.segment };
  }
}
