import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { EdgeRequest } from './edge';
import { headerOf } from './edge';
import { ProblemException } from './problem';

const ENTITY_TAG = /^(?:W\/)?"(\d{1,15})"$/;

/** The entity tag of what is edited: the version of its stream. Set it as the `ETag` header of reads and commands. */
export function entityTag(version: number): string {
  return `"${String(version)}"`;
}

/** The version an `If-Match` header names; undefined when absent or `*`. Throws a 400 problem for anything that cannot be one of our tags. */
export function versionOfIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = ENTITY_TAG.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new ProblemException({
      code: 'if-match-invalid',
      status: 400,
      detail: 'If-Match must be the ETag of an earlier answer, like "3".',
    });
  }
  return Number(version);
}

/** Parameter decorator: the expected version of the edited stream, or undefined when the caller did not ask for the check. */
export const IfMatch = createParamDecorator((_data: unknown, host: ExecutionContext): number | undefined =>
  versionOfIfMatch(headerOf(host.switchToHttp().getRequest<EdgeRequest>(), 'if-match')),
);
