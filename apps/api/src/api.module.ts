import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EXPOSURE_PROCESSOR } from '@app/receivables';
import { AccessHttpModule } from './access/access-http.module';
import { AlertingHttpModule } from './alerting/alerting-http.module';
import { CollectionsHttpModule } from './collections/collections-http.module';
import { HealthController } from './health/health.controller';
import { READ_MODEL_PROCESSORS, Readiness } from './health/readiness';
import { HttpModule } from './http/http.module';
import { OpenApiController } from './http/openapi/openapi.controller';
import { ProvisioningHttpModule } from './provisioning/provisioning-http.module';
import { ReceivablesHttpModule } from './receivables/receivables-http.module';

/** The features the api serves. A feature adds its HTTP module here and nowhere else. */
export const FEATURE_HTTP_MODULES: readonly Type[] = [
  AccessHttpModule,
  ReceivablesHttpModule,
  ProvisioningHttpModule,
  CollectionsHttpModule,
  AlertingHttpModule,
];

/** The processors whose read models answer reads: `/health/ready` waits for them. */
export const READ_MODELS: readonly string[] = [EXPOSURE_PROCESSOR];

export type ImportedModule = Type | DynamicModule;

@Module({})
export class ApiModule {
  /** `platform` provides DATABASE, EVENT_STORE and the rest of `@app/platform`, connected as the api role. */
  static with(platform: readonly ImportedModule[]): DynamicModule {
    return {
      module: ApiModule,
      imports: [CqrsModule.forRoot(), ...platform, HttpModule, ...FEATURE_HTTP_MODULES],
      controllers: [HealthController, OpenApiController],
      providers: [Readiness, { provide: READ_MODEL_PROCESSORS, useValue: READ_MODELS }],
    };
  }
}
