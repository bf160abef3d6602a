import { Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import {
  GetVerificationQuery,
  ProveProvisionRunCommand,
  RequestVerificationCommand,
  VerifyProvisionRunQuery,
  type ProvedRun,
} from '@app/provisioning';
import type { z } from 'zod';
import { Context, Permit, positionNumber, Returns, type EdgeReply } from '../http';
import { identifierParams } from './provisioning.schemas';
import { backgroundVerification, provedRun, requestedVerification, verifyQuery } from './verifications.schemas';

/** A verification in the background takes from seconds to a few minutes. */
const RETRY_AFTER_SECONDS = 10;

@Controller('v1')
export class VerificationsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get('provision-runs/:id/verify')
  @Permit('auditor', 'controller', 'manager', 'approver')
  @Returns({
    summary: 'Prove a completed run: hash the events it rests on, compute it again from them and compare',
    description:
      'A log too long for one request is verified in the background: 202 names the verification in `location`, and the same request gives what it found once it has ended, for ten minutes.',
    body: provedRun,
  })
  async verify(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Query({ schema: verifyQuery }) { source }: z.output<typeof verifyQuery>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof provedRun> | z.input<typeof requestedVerification>> {
    if (source === 'read-models') {
      const compared = await this.queries.execute(new VerifyProvisionRunQuery(context.tenantId, id, source));
      return verificationOnTheWire({ ...compared, verificationId: null, verifiedAt: new Date().toISOString() });
    }
    const proof = await this.commands.execute(new ProveProvisionRunCommand(context, id));
    if (proof.proved !== null) return verificationOnTheWire(proof.proved);
    void reply.code(202).header('location', `/v1/verifications/${proof.verificationId}`).header('retry-after', String(RETRY_AFTER_SECONDS));
    return { id: proof.verificationId, status: 'queued', runId: id };
  }

  @Post('provision-runs/:id/verify')
  @Permit('auditor', 'controller', 'manager', 'approver')
  @Returns({
    status: 202,
    summary: 'Prove a completed run in the background, seals included, whatever the size of the log',
    body: requestedVerification,
  })
  async request(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof requestedVerification>> {
    const requested = await this.commands.execute(new RequestVerificationCommand(context, id));
    void reply.header('location', `/v1/verifications/${requested.id}`);
    return { id: requested.id, status: 'queued', runId: id };
  }

  @Get('verifications/:id')
  @Permit('auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'A verification in the background and what it found', body: backgroundVerification })
  async get(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
  ): Promise<z.input<typeof backgroundVerification>> {
    const state = await this.queries.execute(new GetVerificationQuery(context.tenantId, id));
    const { runId, requestedBy, requestedAt, finishedAt, result, reason } = state;
    return {
      id,
      status: state.running ? 'running' : state.status,
      ...{ runId, requestedBy, requestedAt, finishedAt, reason },
      result: result === null ? null : { ...result, engineChanged: result.engineVersion !== result.recordedEngineVersion },
    };
  }
}

function verificationOnTheWire({ position, alteredAt, ...compared }: ProvedRun): z.input<typeof provedRun> {
  const place = alteredAt === null ? null : { ...alteredAt, position: positionNumber(alteredAt.position) };
  return { ...compared, position: positionNumber(position), alteredAt: place };
}
