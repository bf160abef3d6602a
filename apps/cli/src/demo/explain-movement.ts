import type { ArrearsApi, Money } from './arrears-api';
import { inThousands, minorOf } from './compare-note';
import { DERIVED } from './derived-figures';
import type { People } from './load-year';
import { columns, grouped } from './print-note';
import { PUBLISHED } from './published';

interface Leg {
  readonly cause: string;
  readonly amount: Money;
}

interface Movement {
  readonly opening: Money;
  readonly legs: readonly Leg[];
  readonly closing: Money;
}

interface Bridge extends Movement {
  readonly byKind: readonly (Movement & { readonly kind: string })[];
  readonly byCell: readonly (Movement & { readonly kind: string; readonly side: string })[];
  readonly twoFactor: {
    readonly byKind: readonly { readonly kind: string; readonly rateEffect: Money; readonly volumeAndMix: Money; readonly change: Money }[];
  };
}

interface Journal {
  readonly status: string;
  readonly impairmentLoss: Money;
  readonly lines: readonly {
    readonly kind: string;
    readonly cause: string;
    readonly account: string;
    readonly debit: Money;
    readonly credit: Money;
  }[];
}

/** Text to print, and what is not as it should be. */
export interface Explained {
  readonly text: string;
  readonly differences: readonly string[];
}

const thousandsOf = (money: Money | undefined): bigint => (money === undefined ? 0n : inThousands(minorOf(money)));
const shown = (money: Money | undefined): string => grouped(thousandsOf(money).toString());
const amountOf = (movement: Movement | undefined, cause: string): Money | undefined =>
  movement?.legs.find((leg) => leg.cause === cause)?.amount;
const addsUp = ({ opening, legs, closing }: Movement): boolean =>
  legs.reduce((sum, { amount }) => sum + minorOf(amount), minorOf(opening)) === minorOf(closing);

/** Asks why the allowance of the first run became that of the second, and compares the legs with the flow the book was made by. */
export async function explainMovement(api: ArrearsApi, from: string, to: string): Promise<Explained> {
  const bridge = await api.get<Bridge>('/v1/allowance-bridge', { from, to });
  const sideOf = (side: string): (Movement & { kind: string }) | undefined =>
    bridge.byCell.find((cell) => cell.kind === 'trade' && cell.side === side);
  const [collective, individual] = [sideOf('collective'), sideOf('individual')];
  const trade = bridge.byKind.find(({ kind }) => kind === 'trade');
  const factors = bridge.twoFactor.byKind.find(({ kind }) => kind === 'trade');
  const differences = [
    ...legDifferences('collective trade', collective, DERIVED.collectiveTrade),
    ...legDifferences('individual trade', individual, DERIVED.individualTrade),
    ...difference('rate effect', factors?.rateEffect, DERIVED.twoFactor.rateEffect),
    ...difference('volume and mix', factors?.volumeAndMix, DERIVED.twoFactor.volumeAndMix),
    ...difference('trade written off', amountOf(trade, 'write-offs'), -DERIVED.tradeWrittenOff),
    ...difference('charge of trade', chargeOf(trade), DERIVED.tradeCharge),
    ...difference('unexplained', amountOf(bridge, 'unexplained'), 0),
    ...[bridge, ...bridge.byCell].flatMap((movement) => (addsUp(movement) ? [] : ['a bridge does not add up to the fen'])),
  ];
  const moved = bridge.legs.filter(({ cause, amount }) => cause === 'unexplained' || minorOf(amount) !== 0n || inAnyCell(bridge, cause));
  const line = (label: string, pick: (movement: Movement | undefined) => Money | undefined): string[] => [
    label,
    ...[collective, individual, trade, bridge].map((movement) => shown(pick(movement))),
  ];
  const text = [
    columns([
      ["Allowance, RMB'000", 'trade, collective', 'trade, individual', 'trade', 'all kinds'],
      line(`At ${PUBLISHED.fy2023.asOf}`, (movement) => movement?.opening),
      ...moved.map(({ cause }) => line(cause, (movement) => amountOf(movement, cause))),
      line(`At ${PUBLISHED.fy2024.asOf}`, (movement) => movement?.closing),
    ]),
    '',
    `  In two factors: rate effect ${shown(factors?.rateEffect)}, volume and mix ${shown(factors?.volumeAndMix)}, change ${shown(factors?.change)} (trade, collective).`,
    `  Trade: ${shown(trade?.opening)} + ${shown(chargeOf(trade))} charge - ${grouped(String(DERIVED.tradeWrittenOff))} written off = ${shown(trade?.closing)}.`,
    `  Legs add up to the fen for every entity, kind and side: ${bridge.byCell.every(addsUp) ? 'yes' : 'no'}.`,
  ].join('\n');
  return { text, differences };
}

const inAnyCell = ({ byCell }: Bridge, cause: string): boolean =>
  byCell.some((cell) => minorOf(amountOf(cell, cause) ?? { amount: '0.00', currency: 'CNY' }) !== 0n);

/** The movement of an allowance without what was used up by write-offs. */
function chargeOf(movement: Movement | undefined): Money | undefined {
  if (movement === undefined) return undefined;
  const charge = minorOf(movement.closing) - minorOf(movement.opening) - minorOf(amountOf(movement, 'write-offs') ?? movement.opening);
  return { amount: formatMinor(charge), currency: movement.closing.currency };
}

function formatMinor(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function legDifferences(what: string, movement: Movement | undefined, expected: Readonly<Record<string, number>>): string[] {
  const causes = new Set([...Object.keys(expected), ...(movement?.legs ?? []).map(({ cause }) => cause)]);
  return [...causes].flatMap((cause) => difference(`${what}, ${cause}`, amountOf(movement, cause), expected[cause] ?? 0));
}

export function difference(what: string, found: Money | undefined, expected: number): string[] {
  if (found !== undefined && thousandsOf(found) === BigInt(expected)) return [];
  return [`${what}: computed ${found?.amount ?? 'nothing'}, expected ${String(expected)} (RMB'000)`];
}

/** Has both runs approved by another person and posted, and returns the journal of the second against the first. */
export async function postRuns({ approver }: People, runIds: readonly [string, string]): Promise<Explained> {
  for (const id of runIds) {
    await approver.post(`/v1/provision-runs/${id}/approve`);
    await approver.post(`/v1/provision-runs/${id}/post`);
    await approver.until<Journal>(`/v1/provision-runs/${id}/journal`, ({ status }) => status === 'posted');
  }
  const journal = await approver.get<Journal>(`/v1/provision-runs/${runIds[1]}/journal`);
  const accounts = new Map<string, bigint>();
  for (const { account, debit, credit } of journal.lines)
    accounts.set(account, (accounts.get(account) ?? 0n) + minorOf(debit) - minorOf(credit));
  const balance = [...accounts.values()].reduce((sum, each) => sum + each, 0n);
  const text = [
    columns([
      ["Journal of FY2024 by account, RMB'000", 'debit less credit'],
      ...[...accounts].map(([account, minor]) => [account, grouped(inThousands(minor).toString())]),
    ]),
    `  Impairment of all kinds in profit or loss ${shown(journal.impairmentLoss)}; the journal ${balance === 0n ? 'balances' : 'does not balance'}.`,
  ].join('\n');
  return {
    text,
    differences: [
      ...difference('impairment of all kinds', journal.impairmentLoss, DERIVED.impairmentOfTheYear),
      ...(balance === 0n ? [] : ['the journal does not balance']),
    ],
  };
}
