import { Body, Controller, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  GetPrincipalQuery,
  IssueApiKey,
  type IssuedApiKey,
  ListPrincipalsQuery,
  type NamedPrincipal,
  RegisterPrincipal,
  RevokeApiKey,
  type Role,
} from '@app/access';
import type { RequestContext } from '@app/platform';
import { z } from 'zod';
import {
  Context,
  decodeCursor,
  type EdgeReply,
  type EdgeRequest,
  notFound,
  page,
  pageQuery,
  pageSchema,
  Permit,
  Returns,
  ShownOnce,
} from '../http';
import {
  issuedKey,
  issueKeyBody,
  keyParams,
  me,
  principal,
  principalParams,
  registeredPrincipal,
  registerPrincipalBody,
} from './access.schemas';

const cursorSchema = z.tuple([z.string()]);

@Controller('v1')
export class PrincipalsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('me')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin', 'ingest')
  @Returns({ summary: 'Who the key belongs to', body: me })
  async me(@Context() context: RequestContext): Promise<z.input<typeof me>> {
    const { tenantId, principalId } = context;
    const found = await this.queries.execute(new GetPrincipalQuery(tenantId, principalId));
    if (found === null) throw notFound('principal', principalId);
    return { tenantId, principalId, name: found.name, roles: [...found.roles] };
  }

  @Post('principals')
  @Permit('admin')
  @Returns({ status: 201, summary: 'Register a person or a machine', body: registeredPrincipal })
  async register(
    @Context() context: RequestContext,
    @Body({ schema: registerPrincipalBody }) body: z.output<typeof registerPrincipalBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<{ id: string; name: string; roles: Role[] }> {
    const { id } = await this.commands.execute(new RegisterPrincipal(context, body.name, body.roles));
    void reply.header('location', `/v1/principals/${id}`);
    return { id, name: body.name, roles: body.roles };
  }

  @Get('principals')
  @Permit('admin', 'auditor')
  @Returns({ summary: 'List principals in order of registration', body: pageSchema(principal) })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<{ items: z.input<typeof principal>[]; next: string | null }> {
    const after = decodeCursor(query.cursor, cursorSchema)?.[0];
    const everyone = await this.queries.execute(new ListPrincipalsQuery(context.tenantId));
    // Principals are only ever added at the end, so "after this one" stays the same whatever is registered meanwhile.
    const rest = after === undefined ? everyone : everyone.slice(everyone.findIndex(({ id }) => id === after) + 1);
    const { items, next } = page(rest, query.limit, (last) => [last.id], { request, reply });
    return { items: items.map(onTheWire), next };
  }

  @Get('principals/:id')
  @Permit('admin', 'auditor')
  @Returns({ summary: 'Show a principal and its keys', body: principal })
  async show(
    @Context() context: RequestContext,
    @Param({ schema: principalParams }) { id }: z.output<typeof principalParams>,
  ): Promise<z.input<typeof principal>> {
    const found = await this.queries.execute(new GetPrincipalQuery(context.tenantId, id));
    if (found === null) throw notFound('principal', id);
    return onTheWire(found);
  }

  @Post('principals/:id/keys')
  @Permit('admin')
  @ShownOnce('key')
  @Returns({ status: 201, summary: 'Issue a key; it is shown here and never again', body: issuedKey })
  issueKey(
    @Context() context: RequestContext,
    @Param({ schema: principalParams }) { id }: z.output<typeof principalParams>,
    @Body({ schema: issueKeyBody }) body: z.output<typeof issueKeyBody>,
  ): Promise<IssuedApiKey> {
    return this.commands.execute(new IssueApiKey(context, id, body?.expiresAt ?? null));
  }

  @Delete('principals/:id/keys/:keyId')
  @Permit('admin')
  @Returns({ status: 204, summary: 'Revoke a key for good' })
  async revokeKey(
    @Context() context: RequestContext,
    @Param({ schema: keyParams }) { id, keyId }: z.output<typeof keyParams>,
  ): Promise<void> {
    await this.commands.execute(new RevokeApiKey(context, id, keyId));
  }
}

function onTheWire(found: NamedPrincipal): z.input<typeof principal> {
  return {
    id: found.id,
    name: found.name,
    roles: [...found.roles],
    registeredAt: found.registeredAt.toISOString(),
    keys: found.keys.map(({ keyId, hashPrefix, origin, issuedAt, expiresAt, revoked }) => ({
      id: keyId,
      hashPrefix,
      origin,
      issuedAt: issuedAt.toISOString(),
      expiresAt,
      revokedAt: revoked === null ? null : revoked.at.toISOString(),
    })),
  };
}
