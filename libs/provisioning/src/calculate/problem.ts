import { Refusal } from '@app/platform';
import type { ProblemData } from '../events';

export type Attempt<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: ProblemData };

/** Runs a computation and turns a business refusal (no rate, no scheme, no currency) into a problem; anything else is an outage and is thrown on. */
export async function attempt<Value>(work: () => Promise<Attempt<Value>>): Promise<Attempt<Value>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const errors = error.errors.map((place) => ({ code: error.code, ...textFields(place) }));
    return { ok: false, problem: { code: error.code, detail: error.detail, errors } };
  }
}

function textFields(place: object): Record<string, string | number> {
  const fields: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(place)) if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
  return fields;
}
