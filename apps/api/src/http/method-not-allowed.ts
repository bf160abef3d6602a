import { HttpException } from '@nestjs/common';
import type { EdgeRequest } from './edge';
import { ProblemException } from './problem';
import type { RouteRegistry } from './route-registry';

/** Turns "no such route" into 405 with `Allow` where the path exists for other methods. */
export function refineNotFound(error: unknown, request: EdgeRequest, registry: RouteRegistry): unknown {
  if (!(error instanceof HttpException) || error.getStatus() !== 404 || !request.is404) return error;
  const path = request.url.split('?', 1)[0] ?? '';
  const methods = registry.methodsOf(path);
  if (methods.length === 0) {
    return new ProblemException({ code: 'not-found', status: 404, detail: `There is nothing at ${request.method} ${path}.` });
  }
  return new ProblemException({
    code: 'method-not-allowed',
    status: 405,
    detail: `${path} answers ${methods.join(', ')}, not ${request.method}.`,
    headers: { allow: methods.join(', ') },
  });
}
