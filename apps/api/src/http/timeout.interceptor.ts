import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { HANDLER_TIMEOUT_MS, RETRY_AFTER_SECONDS } from './limits';
import { ProblemException } from './problem';
import { streamedTypesOf } from './streams.decorator';

/** A handler that does not come to an end is reported as such; whatever it was doing is bounded by the statement timeout of the database role. */
@Injectable()
export class TimeoutInterceptor implements NestInterceptor {
  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (streamedTypesOf(host.getHandler()).length > 0) return next.handle();
    return new Observable<unknown>((subscriber) => {
      const timer = setTimeout(() => {
        subscriber.error(
          new ProblemException({
            code: 'timed-out',
            status: 503,
            detail: 'The answer took too long and was given up.',
            headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
          }),
        );
      }, HANDLER_TIMEOUT_MS);
      const inner = next.handle().subscribe(subscriber);
      return () => {
        clearTimeout(timer);
        inner.unsubscribe();
      };
    });
  }
}
