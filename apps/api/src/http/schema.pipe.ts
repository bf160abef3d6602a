import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { ProblemException, type ProblemError } from './problem';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Checks `@Body({ schema })`, `@Query({ schema })` and `@Param({ schema })`. Nest's own pipe tells its exception factory nothing about where
 * the value came from; a body wants JSON Pointers, a query the name of the parameter.
 */
@Injectable()
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'custom') return value;
    // A body without a schema is a file still being received: its rows are read one by one later.
    if (metadata.schema !== undefined || metadata.type !== 'body') refuseUnstorableText(value, metadata);
    if (metadata.schema === undefined) return value;
    const result = await metadata.schema['~standard'].validate(metadata.type === 'body' ? value : (value ?? {}));
    if (result.issues === undefined) return result.value;
    const errors = result.issues.flatMap((issue) => errorsOf(issue, metadata));
    throw new ProblemException({ code: 'validation-failed', status: 422, detail: summaryOf(errors, metadata), errors });
  }
}

/**
 * No text of a request may hold what PostgreSQL cannot store: NUL, or half of a surrogate pair. Found here, before any schema, since every
 * text of every route ends up in the database and would fail there as an internal error. The walk keeps its own stack: JSON nests as deeply
 * as a caller likes. Refused `control-character` (422) at the first such place.
 */
function refuseUnstorableText(value: unknown, metadata: ArgumentMetadata): void {
  const open: Visited[] = [{ value, key: '', parent: null }];
  for (let visited = open.pop(); visited !== undefined; visited = open.pop()) {
    const found = visited.value;
    const entries = typeof found === 'object' && found !== null ? Object.entries(found) : [];
    if (!(typeof found === 'string' ? [found] : entries.map(([key]) => key)).every(isStorable)) throw unstorable(pathOf(visited), metadata);
    for (const [key, inner] of entries.reverse()) open.push({ value: inner, key, parent: visited });
  }
}

/** A place of a request, told by the way back from it: a path of its own for each would grow with the square of the depth. */
interface Visited {
  readonly value: unknown;
  readonly key: string;
  readonly parent: Visited | null;
}

function pathOf(visited: Visited): string[] {
  const path: string[] = [];
  for (let place = visited; place.parent !== null; place = place.parent) path.push(place.key);
  return path.reverse();
}

function unstorable(path: readonly string[], metadata: ArgumentMetadata): ProblemException {
  const error = {
    ...{ code: 'control-character', detail: 'Text holds a NUL character or half of a surrogate pair.' },
    ...placeOf(path, metadata),
  };
  return new ProblemException({ code: error.code, status: 422, detail: summaryOf([error], metadata), errors: [error] });
}

function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}

function errorsOf(issue: Issue, metadata: ArgumentMetadata): ProblemError[] {
  const path = (issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step));
  if ('keys' in issue && Array.isArray(issue.keys)) {
    const keys: readonly unknown[] = issue.keys;
    return keys.map((key) => ({ code: 'unknown-field', detail: 'There is no such field.', ...placeOf([...path, String(key)], metadata) }));
  }
  return [{ code: 'invalid', detail: issue.message, ...placeOf(path, metadata) }];
}

function placeOf(path: readonly PropertyKey[], metadata: ArgumentMetadata): { pointer: string } | { field: string } {
  if (metadata.type === 'body')
    return { pointer: path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('') };
  return { field: [...(metadata.data === undefined ? [] : [metadata.data]), ...path.map(String)].join('.') };
}

function summaryOf(errors: readonly ProblemError[], metadata: ArgumentMetadata): string {
  const first = errors[0];
  const where = first?.pointer ?? first?.field ?? '';
  const rest = errors.length > 1 ? ` and ${String(errors.length - 1)} more` : '';
  return `The ${metadata.type} is not valid: ${where === '' ? '' : `${where}: `}${first?.detail ?? ''}${rest}`;
}
