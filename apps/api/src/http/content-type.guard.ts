import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { EdgeRequest } from './edge';
import { headerOf } from './edge';
import { MeteredBody } from './metered-body';
import { ProblemException } from './problem';
import { streamedTypesOf } from './streams.decorator';

/** 415 for a stream sent to a JSON route, anything but a stream sent to an import, and for compressed bodies (nothing here inflates). */
@Injectable()
export class ContentTypeGuard implements CanActivate {
  canActivate(host: ExecutionContext): boolean {
    const request = host.switchToHttp().getRequest<EdgeRequest>();
    const streamed = streamedTypesOf(host.getHandler());
    const encoding = headerOf(request, 'content-encoding') ?? 'identity';
    if (encoding !== 'identity') throw unsupported('Bodies must be sent without Content-Encoding.');
    const contentType = (headerOf(request, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const body: unknown = request.body;
    if (streamed.length === 0) {
      if (body instanceof MeteredBody) throw unsupported('Send the body as application/json.');
      return true;
    }
    // A body of no bytes at all is not parsed: that a file is empty is for the route to say.
    const streams = body instanceof MeteredBody || body === undefined || body === null;
    if (!streams || !streamed.includes(contentType)) throw unsupported(`Send the body as ${streamed.join(' or ')}.`);
    return true;
  }
}

function unsupported(detail: string): ProblemException {
  return new ProblemException({ code: 'unsupported-media-type', status: 415, detail });
}
