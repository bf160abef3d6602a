import { Controller, Get, Header, Param } from '@nestjs/common';
import { z } from 'zod';
import { Public } from '../permit.decorator';
import { titleOf } from '../problem';
import { Returns } from '../returns.decorator';
import { RouteRegistry } from '../route-registry';
import { docsPage } from './docs-page';
import { openApiDocument } from './document';
import type { JsonSchema } from './json-schema';

/** Version of the contract, not of the build: it changes when clients have to. */
export const API_VERSION = '1.0.0';

const problemPage = z.object({ type: z.string(), title: z.string(), code: z.string() });
const problemCode = z.string().regex(/^[a-z0-9-]{1,80}$/);

@Controller()
export class OpenApiController {
  private document: JsonSchema | undefined;

  constructor(private readonly registry: RouteRegistry) {}

  @Get('openapi.json')
  @Public()
  @Returns({ summary: 'This description as OpenAPI 3.1', body: z.looseObject({ openapi: z.string() }) })
  openApi(): JsonSchema {
    this.document ??= openApiDocument(this.registry.routes, API_VERSION);
    return this.document;
  }

  @Get('docs')
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @Returns({ summary: 'This description as a page to read', contentType: 'text/html' })
  docs(): string {
    return docsPage(this.openApi());
  }

  @Get('problems/:code')
  @Public()
  @Returns({ summary: 'What the `type` of a problem leads to', body: problemPage })
  problem(@Param('code', { schema: problemCode }) code: string): z.output<typeof problemPage> {
    return { type: `/problems/${code}`, title: titleOf(code), code };
  }
}
