import { KnownAtInFuture, ProjectionBehind, VersionConflict } from '@app/event-store';
import { Refusal } from '@app/platform';
import { NotFoundException } from '@nestjs/common';
import { ProblemException } from './problem';
import { problemOf } from './problem-mapping';

describe('what a caller is told', () => {
  it.each([
    ['a problem of the edge', new ProblemException({ code: 'x', status: 418, detail: 'd' }), 418, 'x'],
    ['a refusal', new Refusal('four-eyes', 'd'), 403, 'four-eyes'],
    ['a conflict', new VersionConflict('tenant', '1', 1, 2), 409, 'version-conflict'],
    ['a future knownAt', new KnownAtInFuture('2999-01-01T00:00:00Z'), 422, 'known-at-in-future'],
    ['a projection that is behind', new ProjectionBehind('exposure', 1, 5n, 10), 503, 'projection-behind'],
    ['an unknown route', new NotFoundException(), 404, 'not-found'],
    ['a statement that took too long', Object.assign(new Error('canceling statement'), { code: '57014' }), 503, 'timed-out'],
    ['a database that is away', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 503, 'unavailable'],
    ['a bug', new TypeError('x is not a function'), 500, 'internal-error'],
    ['something that is no error', 'oops', 500, 'internal-error'],
  ])('%s', (_what, error, status, code) => {
    expect(problemOf(error, { ifMatch: false })).toMatchObject({ status, code });
  });

  it('a conflict under If-Match is 412, because the caller named the version', () => {
    expect(problemOf(new VersionConflict('tenant', '1', 1, 2), { ifMatch: true }).status).toBe(412);
  });

  it('a failure keeps its words to itself, or SQL and addresses leak', () => {
    const problem = problemOf(new Error('relation "es.event" at 10.0.0.7'), { ifMatch: false });
    expect(JSON.stringify(problem)).not.toMatch(/es\.event|10\.0/);
    expect(problem.unexpected).toBe(true);
  });

  it('whoever has to come back is told when', () => {
    expect(problemOf(new ProjectionBehind('exposure', 1, 5n, 10), { ifMatch: false }).headers).toEqual({ 'retry-after': '1' });
  });
});
