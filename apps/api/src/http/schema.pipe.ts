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
  const open: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: found, path } = next;
    const entries = typeof found === 'object' && found !== null ? Object.entries(found) : [];
    if (!(typeof found === 'string' ? [found] : entries.map(([key]) => key)).every(isStorable)) {
      const detail = 'Text holds a NUL character or half of a surrogate pair.';
      const place = placeOf(path, metadata);
      throw new ProblemException({
        code: 'control-character',
        status: 422,
        detail: summaryOf([{ code: 'control-character', detail, ...place }], metadata),
        errors: [{ code: 'control-character', detail, ...place }],
      });
    }
    for (const [key, inner] of entries.reverse()) open.push({ value: inner, path: [...path, key] });
  }
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
