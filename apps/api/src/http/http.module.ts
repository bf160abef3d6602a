import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AccessModule } from '@app/access';
import { AuthenticationGuard } from './authentication.guard';
import { ContentTypeGuard } from './content-type.guard';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { ProblemFilter } from './problem.filter';
import { RouteRegistry } from './route-registry';
import { SchemaPipe } from './schema.pipe';
import { TimeoutInterceptor } from './timeout.interceptor';

/** What every route goes through, in this order: key and role, content type, idempotency, time limit, schemas; and the one way problems leave. */
@Module({
  imports: [DiscoveryModule, AccessModule],
  providers: [
    RouteRegistry,
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useClass: ContentTypeGuard },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: TimeoutInterceptor },
    { provide: APP_PIPE, useClass: SchemaPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [RouteRegistry],
})
export class HttpModule {}
