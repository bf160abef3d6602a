/** When a close entered the log: enough to tell history that was loaded late from the book moving on. */
export interface CloseRecord {
  readonly asOf: string;
  /** Position of its first figures. */
  readonly recordedAt: bigint;
}

/**
 * The closes a rule has to decide now, in as-of order: the latest close, whose figures may still change, and those before it that the rule has
 * not decided yet. Left out are closes older than the rule (defining a rule tells nothing about the past), and closes recorded after a later one
 * (loading old books gives bases to compare with, it never tells old news). `decided` holds the as-of dates this version of the rule has decided.
 */
export function closesToDecide(
  closes: readonly CloseRecord[],
  rule: { readonly recordedAt: bigint; readonly decided: ReadonlySet<string> },
): string[] {
  const sorted = [...closes].sort((left, right) => (left.asOf < right.asOf ? -1 : 1));
  const latest = sorted.at(-1);
  return sorted
    .filter((close) => {
      if (close === latest) return true;
      const isInOrder = !closes.some((other) => other.asOf > close.asOf && other.recordedAt < close.recordedAt);
      return isInOrder && close.recordedAt > rule.recordedAt && !rule.decided.has(close.asOf);
    })
    .map(({ asOf }) => asOf);
}
