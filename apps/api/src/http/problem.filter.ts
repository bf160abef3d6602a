import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import type { EdgeReply, EdgeRequest } from './edge';
import { headerOf } from './edge';
import { PROBLEM_ERRORS_MAX } from './limits';
import { refineNotFound } from './method-not-allowed';
import { titleOf, type Problem, type ProblemOptions } from './problem';
import { problemLogger, problemOf } from './problem-mapping';
import { requestIdOf } from './request-context';
import { RouteRegistry } from './route-registry';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/** The body of a problem, complete. */
export function problemBody(options: ProblemOptions, request: EdgeRequest): Problem {
  const { code, status, detail, errors, extra } = options;
  return {
    ...extra,
    type: `/problems/${code}`,
    title: titleOf(code) || (STATUS_CODES[status] ?? 'Problem'),
    status,
    code,
    detail,
    instance: pathOf(request.url),
    requestId: requestIdOf(request),
    ...(errors !== undefined && errors.length > 0 && { errors: errors.slice(0, PROBLEM_ERRORS_MAX) }),
  };
}

/** Answers with a problem document; used by the filter and by the few hooks that run outside of it. */
export function sendProblem(options: ProblemOptions, request: EdgeRequest, reply: EdgeReply): void {
  // A handler may have named the type of the answer it did not come to give.
  for (const name of ['content-type', 'content-length', 'content-disposition', 'etag']) void reply.removeHeader(name);
  void reply
    .code(options.status)
    .headers({
      ...options.headers,
      'content-type': PROBLEM_CONTENT_TYPE,
      'cache-control': 'no-store',
      'x-request-id': requestIdOf(request),
    })
    .send(JSON.stringify(problemBody(options, request)));
}

/** Everything thrown on the way to an answer leaves as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(RouteRegistry) private readonly registry: RouteRegistry) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<EdgeRequest>();
    const reply = http.getResponse<EdgeReply>();
    const error = refineNotFound(thrown, request, this.registry);
    const problem = problemOf(error, { ifMatch: headerOf(request, 'if-match') !== undefined });
    if (problem.unexpected === true) {
      problemLogger.error(
        { error, requestId: requestIdOf(request), method: request.method, path: pathOf(request.url) },
        'a request failed',
      );
    }
    if (reply.sent || reply.raw.headersSent) {
      // The answer has begun (a stream): all that is left is to break it off, so that nobody takes it for complete.
      reply.raw.destroy();
      return;
    }
    sendProblem(problem, request, reply);
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
