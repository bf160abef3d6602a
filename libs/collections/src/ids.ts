import { uuidV5 } from '@app/platform';

/** Namespace of every identifier dunning derives (a random UUID, fixed for ever): whoever decides the same thing again arrives at the same one. */
const NAMESPACE = '0b6d4e3a-52c7-4f0e-8f0b-7a1d9c3e6b25';

/** The run that a day makes by itself. */
export function dailyRunIdOf(tenantId: number, day: string): string {
  return uuidV5(NAMESPACE, `daily-run:${String(tenantId)}:${day}`);
}

export function letterIdOf(tenantId: number, debtorId: string, streamVersion: number): string {
  return uuidV5(NAMESPACE, `letter:${String(tenantId)}:${debtorId}:${String(streamVersion)}`);
}

/** The principal of what the system decides by itself. */
export const MACHINE_PRINCIPAL = '00000000-0000-0000-0000-000000000000';

/** A position as the integer JSON holds. */
export function positionNumber(position: bigint): number {
  const number = Number(position);
  if (!Number.isSafeInteger(number)) throw new RangeError(`Position ${String(position)} does not fit a JSON number.`);
  return number;
}
