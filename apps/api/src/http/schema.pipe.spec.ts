import { z } from 'zod';
import { ProblemException } from './problem';
import { SchemaPipe } from './schema.pipe';

const NESTED_MANY = 200_000;
const PROMPT_MS = 2000;
const HALF_A_PAIR = '\ud83d';
const body = { type: 'body', schema: z.object({ reason: z.string(), rows: z.array(z.unknown()).optional() }) } as const;

describe('what a route is sent', () => {
  it.each([
    ['a NUL in a text', { reason: 'a\0b' }, '/reason'],
    ['half of a surrogate pair', { reason: HALF_A_PAIR }, '/reason'],
    ['a NUL deep inside', { reason: 'x', rows: [{}, { name: '\0' }] }, '/rows/1/name'],
    ['a NUL in the name of a field', { reason: 'x', rows: [{ 'a\0': 1 }] }, '/rows/0'],
  ])('refuses %s with the place, so that nobody is told of an internal error', async (_, value, pointer) => {
    await expect(problemOf(new SchemaPipe().transform(value, body))).resolves.toMatchObject({
      ...{ code: 'control-character', status: 422, errors: [{ code: 'control-character', pointer }] },
    });
  });

  it('refuses a NUL in the address by the name of its parameter', async () => {
    const sent = new SchemaPipe().transform({ id: '\0' }, { type: 'param', schema: z.object({ id: z.string() }) });
    await expect(problemOf(sent)).resolves.toMatchObject({ errors: [{ code: 'control-character', field: 'id' }] });
  });

  it('refuses a NUL in a lone part of the address as well, so that no look-up fails inside', async () => {
    const sent = new SchemaPipe().transform('\0', { type: 'param', data: 'id' });
    await expect(problemOf(sent)).resolves.toMatchObject({ errors: [{ code: 'control-character', field: 'id' }] });
  });

  it('looks through a body as deep as a megabyte allows without delay, so that one request cannot hold up the others', async () => {
    const nested: unknown = JSON.parse(`${'['.repeat(NESTED_MANY)}${']'.repeat(NESTED_MANY)}`);
    const started = performance.now();
    await new SchemaPipe().transform({ reason: 'x', rows: [nested] }, body);
    expect(performance.now() - started).toBeLessThan(PROMPT_MS);
  });

  it('takes every other character, so that a debtor may be named in any script', async () => {
    const sent = { reason: 'line\nbreak 商汤 💥' };
    await expect(new SchemaPipe().transform(sent, body)).resolves.toEqual(sent);
  });
});

async function problemOf(sent: Promise<unknown>): Promise<unknown> {
  return sent.then(
    () => 'accepted',
    (error: unknown) => (error instanceof ProblemException ? error.options : error),
  );
}
