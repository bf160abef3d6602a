import type { Refused } from '@app/credit-domain';
import { Refusal } from '@app/platform';

/** The refusal of a pure decision, with the place in the body it is about. */
export function refusalOf({ code, detail, field }: Refused): Refusal {
  const sentence = `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
  if (field === undefined) return new Refusal(code, sentence);
  return new Refusal(code, sentence, [{ field, pointer: `/${field.replaceAll('[', '/').replaceAll(']', '').replaceAll('.', '/')}` }]);
}

/** @throws Refusal when a decision says no. */
export function demand(refused: Refused | null): void {
  if (refused !== null) throw refusalOf(refused);
}
