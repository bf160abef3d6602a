import type { MeasuredEvaluation } from '@app/credit-domain';

/**
 * Path and query of the view a figure speaks about, at its as-of date and as it was known: the ageing of its part by debtor, or the receivables of
 * the one debtor it is about. Null for what is not about the book.
 */
export function viewOf(
  { part, asOf, labels }: Pick<MeasuredEvaluation, 'part' | 'asOf' | 'labels'>,
  knownAt: string | null,
): string | null {
  const at = { asOf, ...(knownAt !== null && { knownAt }) };
  const { debtor: debtorId } = labels;
  if (debtorId !== undefined) return `/v1/debtors/${encodeURIComponent(debtorId)}?${new URLSearchParams(at).toString()}`;
  if (part === null) return null;
  const [kind, ...others] = part.kinds ?? [];
  const query = new URLSearchParams({
    ...at,
    ...(kind !== undefined && others.length === 0 && { kind }),
    ...(part.aged !== null && { scheme: part.aged.scheme }),
    ...(part.assessed !== 'all' && { assessed: part.assessed }),
    groupBy: part.segment === null ? 'debtor' : 'segment',
  });
  return `/v1/ageing?${query.toString()}`;
}
