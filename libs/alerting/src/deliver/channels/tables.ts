import type { MessageBridge } from '@app/credit-domain';
import type { OutgoingMessage } from '../outgoing-message';

/** Widest left column of a table in plain text. */
const NAME_WIDTH_MAX = 44;

/** A bridge as it is read: its opening figure, every leg, its closing figure. Nothing is left out, so that it adds up as it stands. */
export function bridgeRows({ opening, legs, closing }: MessageBridge): readonly (readonly [string, string])[] {
  return [['Opening', opening], ...legs.map(({ cause, amount }) => [cause, amount] as const), ['Closing', closing]];
}

export function debtorRows({ debtors }: Pick<OutgoingMessage, 'debtors'>): readonly (readonly [string, string])[] {
  return debtors.map(({ debtorId, amount }) => [debtorId, amount]);
}

/** Two columns in letters of one width: names to the left and cut, figures to the right and whole. */
export function monospaced(rows: readonly (readonly [string, string])[]): string[] {
  const named = rows.map(([name, value]) => [cutName(name), value] as const);
  const nameWidth = Math.max(0, ...named.map(([name]) => lengthOf(name)));
  const valueWidth = Math.max(0, ...named.map(([, value]) => lengthOf(value)));
  return named.map(
    ([name, value]) => `${name}${' '.repeat(nameWidth - lengthOf(name))}  ${' '.repeat(valueWidth - lengthOf(value))}${value}`,
  );
}

function cutName(text: string): string {
  const characters = Array.from(text);
  return characters.length <= NAME_WIDTH_MAX ? text : `${characters.slice(0, NAME_WIDTH_MAX - 1).join('')}…`;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
