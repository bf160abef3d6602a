import type { LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DEFAULT_TENANT_ID, TenantStarter } from '@app/access';
import { PlatformModule, type PlatformResources } from '@app/platform';
import { ApiModule } from './api.module';
import { createAdapter } from './http/server';

const DEFAULT_TENANT_NAME = 'default';

export interface ApiOptions {
  /** Served besides the features: pages of the web application, controllers of a test. */
  readonly modules?: readonly Type[];
  /** Default: the logger of the platform. */
  readonly logger?: LoggerService | false;
}

export interface Api {
  /** Initialised, not listening: call `listen(port, host)`. `close()` ends event streams, requests in flight and connections, in this order. */
  readonly app: NestFastifyApplication;
  /** Only at the first start without ARREARS_ADMIN_KEY: print it once, it cannot be had again. */
  readonly generatedAdminKey: string | null;
}

/**
 * Builds the HTTP application on a migrated database and makes sure that the default tenant has its administrator. Whoever opened the
 * resources (as the api role) closes them after the application.
 */
export async function createApi(resources: PlatformResources, options: ApiOptions = {}): Promise<Api> {
  const module = ApiModule.with([PlatformModule.with(resources), ...(options.modules ?? [])]);
  const app = await NestFactory.create<NestFastifyApplication>(module, createAdapter(), {
    bodyParser: false,
    abortOnError: false,
    logger: options.logger ?? resources.logger,
  });
  await app.init();
  const start = { tenantId: DEFAULT_TENANT_ID, name: DEFAULT_TENANT_NAME, adminKey: resources.configuration.adminKey };
  const { generatedKey } = await app.get(TenantStarter, { strict: false }).start(start);
  return { app, generatedAdminKey: generatedKey };
}
