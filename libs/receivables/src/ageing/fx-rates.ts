import type { FxRate } from '@app/credit-domain';
import { findRate, localDate, translate } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';
import { Refusal } from '@app/platform';

/** The rate of every pair in force at (asOf, position): the latest date not after asOf, and of that date what was recorded last. */
export async function fxRatesAt(tx: Tx, tenantId: number, asOf: string, position: Position): Promise<FxRate[]> {
  const rows = await tx.query<{ base: string; quote: string; rate: string; effective_on: string }>(
    `SELECT DISTINCT ON (base, quote) base, quote, rate::text AS rate, effective_on
     FROM rc.fx_rate WHERE tenant_id = $1 AND effective_on <= $2 AND position <= $3
     ORDER BY base, quote, effective_on DESC, position DESC`,
    [tenantId, asOf, position],
  );
  return rows.map((row) => ({ base: row.base, quote: row.quote, rate: row.rate, effectiveOn: row.effective_on }));
}

/** Translates amounts of one reading; every rate is looked up once. */
export class Translator {
  private readonly rates = new Map<string, Extract<ReturnType<typeof findRate>, { ok: true }>['rate']>();

  constructor(
    private readonly known: readonly FxRate[],
    private readonly asOf: string,
    readonly currency: string,
  ) {}

  /** @throws Refusal `fx-rate-missing` naming the pair and the date */
  translate(minor: bigint, from: string): bigint {
    if (from === this.currency) return minor;
    let rate = this.rates.get(from);
    if (rate === undefined) {
      const found = findRate(this.known, from, this.currency, localDate(this.asOf));
      if (!found.ok) throw new Refusal(found.refused.code, found.refused.detail, [{ field: 'currency' }]);
      rate = found.rate;
      this.rates.set(from, rate);
    }
    return translate(minor, rate);
  }
}
