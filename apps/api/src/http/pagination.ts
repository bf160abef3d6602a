import { z } from 'zod';
import type { EdgeReply, EdgeRequest } from './edge';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './limits';
import { ProblemException } from './problem';

/** Query parameters of every list; spread into the route's own query: `z.strictObject({ ...pageQueryShape, kind })`. */
export const pageQueryShape = {
  cursor: z.string().max(2048).optional().describe('opaque, from the previous page'),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
};
export const pageQuery = z.strictObject(pageQueryShape);

/** A page: `next` is the cursor of the following one, null on the last. No total count: it would have to be counted. */
export function pageSchema<Item extends z.ZodType>(item: Item): z.ZodObject<{ items: z.ZodArray<Item>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** An opaque cursor of whatever the list needs to go on: put the position it was read at first, so that pages never shift while facts arrive. */
export function encodeCursor(value: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

/** The parts of a cursor made by `encodeCursor`, checked against `schema`; a 422 problem on `cursor` when it was not made here. */
export function decodeCursor<Schema extends z.ZodType>(cursor: string | undefined, schema: Schema): z.output<Schema> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new ProblemException({
    code: 'cursor-invalid',
    status: 422,
    detail: 'The cursor was not given out by this list.',
    errors: [{ code: 'cursor-invalid', detail: 'The cursor was not given out by this list.', field: 'cursor' }],
  });
}

/** Cuts one row too many (read `limit + 1`) into a page with the cursor of the next, and sets `Link: <...>; rel="next"`. */
export function page<Item>(
  rows: readonly Item[],
  limit: number,
  cursorAfter: (last: Item) => readonly (string | number)[],
  http: { request: EdgeRequest; reply: EdgeReply },
): { items: Item[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, next: null };
  const next = encodeCursor(cursorAfter(last));
  setNextLink(http, { cursor: next });
  return { items, next };
}

/** Sets `Link: <same path, other parameters>; rel="next"` (RFC 8288). */
export function setNextLink(http: { request: EdgeRequest; reply: EdgeReply }, parameters: Readonly<Record<string, string>>): void {
  const url = new URL(http.request.url, 'http://arrears.invalid');
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  void http.reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
