/** A bridge as it arrived in a message, its figures as whole numbers of the smallest digit that any of them shows. */
export interface ReceivedBridge {
  readonly subject: string;
  readonly opening: bigint;
  readonly legs: ReadonlyMap<string, bigint>;
  readonly closing: bigint;
  /** Decimals its figures are printed with. */
  readonly decimals: number;
}

const ROW = /^(.*?)\s{2,}(\S.*)$/;
const FENCE = /^`+$/;

/** The tables of a message that lead from an opening to a closing figure, whatever channel it came by. */
export function bridgesIn(message: string): ReceivedBridge[] {
  const lines = message.split('\n').map((line) => line.trim());
  return lines.flatMap((line, start) => {
    if (ROW.exec(line)?.[1] !== 'Opening') return [];
    const end = lines.findIndex((other, index) => index > start && ROW.exec(other)?.[1] === 'Closing');
    if (end < 0) return [];
    const rows = lines.slice(start, end + 1).flatMap((row) => {
      const [, name = '', value = ''] = ROW.exec(row) ?? [];
      return name === '' ? [] : [{ name, value }];
    });
    return [bridgeOf(subjectAbove(lines, start), rows)];
  });
}

/** Whether the legs, as they were printed, lead from the opening to the closing figure. */
export function addsUp({ opening, legs, closing }: ReceivedBridge): boolean {
  return [...legs.values()].reduce((sum, amount) => sum + amount, opening) === closing;
}

function subjectAbove(lines: readonly string[], start: number): string {
  const above = lines.slice(0, start).filter((line) => line !== '' && !FENCE.test(line));
  return (above.at(-1) ?? '').replace(/^\*|\*$/g, '');
}

function bridgeOf(subject: string, rows: readonly { readonly name: string; readonly value: string }[]): ReceivedBridge {
  const decimals = Math.max(...rows.map(({ value }) => /\.(\d+)/.exec(value)?.[1]?.length ?? 0));
  const amounts = rows.map(({ value }) => unitsOf(value, decimals));
  const legs = rows.slice(1, -1).map(({ name }, index): [string, bigint] => [name, amounts[index + 1] ?? 0n]);
  return { subject, opening: amounts[0] ?? 0n, legs: new Map(legs), closing: amounts.at(-1) ?? 0n, decimals };
}

function unitsOf(value: string, decimals: number): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /([+-]?)\s*(\d[\d,]*)(?:\.(\d+))?/.exec(value) ?? [];
  const digits = BigInt(whole.replaceAll(',', '') + fraction.padEnd(decimals, '0'));
  return sign === '-' ? -digits : digits;
}
