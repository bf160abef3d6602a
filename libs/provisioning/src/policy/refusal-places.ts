import type { PolicyFault } from '@app/credit-domain';
import { Refusal, type RefusalPlace } from '@app/platform';

/** Faults of a body as places: the path as it is written in the field's own language and as a JSON Pointer, each with its own sentence. */
export function placesOf(faults: readonly { readonly code: string; readonly detail: string; readonly field: string }[]): RefusalPlace[] {
  return faults.map((fault) => ({ ...fault, pointer: pointerOf(fault.field) }));
}

/** `rates[3].bucket` is `/rates/3/bucket`. */
function pointerOf(field: string): string {
  return `/${field.replaceAll('[', '/').replaceAll(']', '').replaceAll('.', '/')}`;
}

export function placeOf(field: string): RefusalPlace {
  return { field, pointer: pointerOf(field) };
}

/** Refuses a proposal with faults: by the code of the first, naming all of them. */
export function requireNoFaults(faults: readonly PolicyFault[]): void {
  const [first] = faults;
  if (first !== undefined) throw new Refusal(first.code, first.detail, placesOf(faults));
}
