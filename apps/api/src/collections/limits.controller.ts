import { Body, Controller, Get, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ListDebtorGroupsQuery,
  PlaceCreditHoldCommand,
  ReadBusinessDateQuery,
  ReadCreditExposuresQuery,
  ReleaseCreditHoldCommand,
  StateDebtorGroupCommand,
} from '@app/collections';
import type { CreditExposure } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { z } from 'zod';
import { Context, decodeCursor, encodeCursor, entityTag, IfMatch, money, Permit, positionNumber, Returns, setNextLink } from '../http';
import type { EdgeReply, EdgeRequest } from '../http';
import {
  createdAnswer,
  creditExposures,
  debtorGroupBody,
  debtorGroups,
  debtorIdParams,
  exposuresQuery,
  groupsQuery,
  placeHoldBody,
  releaseHoldBody,
  uuidParams,
} from './limits.schemas';

/** Position and debtor: pages of one list never shift while facts arrive. */
const exposureCursor = z.tuple([z.int().nonnegative(), z.string()]);

@Controller('v1')
export class LimitsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get('credit-exposures')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'What debtors and groups use of their credit limits, on any date, as known at any moment', body: creditExposures })
  async exposures(
    @Context() context: RequestContext,
    @Query({ schema: exposuresQuery }) { asOf, knownAt, band, cursor, limit }: z.output<typeof exposuresQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof creditExposures>> {
    const [position, after = ''] = decodeCursor(cursor, exposureCursor) ?? [];
    const read = await this.queries.execute(
      new ReadCreditExposuresQuery(context.tenantId, {
        asOf: asOf ?? (await this.queries.execute(new ReadBusinessDateQuery(context.tenantId))),
        knownAt,
        ...(position !== undefined && { position: BigInt(position) }),
        bands: band,
        page: { after, limit },
      }),
    );
    const at = positionNumber(read.position);
    const last = read.debtors.at(-1);
    const next = read.hasMore && last !== undefined ? encodeCursor([at, last.debtorId]) : null;
    if (next !== null) setNextLink({ request, reply }, { cursor: next });
    return {
      ...{ asOf: read.asOf, knownAt: read.knownAt, position: at, next },
      items: read.debtors.map(({ debtorId, segment, credit, hold }) => ({
        ...{ debtorId, segment },
        ...useOnTheWire(credit),
        hold:
          hold === null
            ? null
            : {
                ...{ since: hold.since, reason: hold.reason, pausesDunning: hold.pausesDunning, principalId: hold.principalId },
                position: positionNumber(hold.position),
              },
      })),
      groups: read.groups.map(({ groupId, name, members, credit }) => ({ groupId, name, members: [...members], ...useOnTheWire(credit) })),
    };
  }

  @Get('debtor-groups')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'Groups of debtors that are one risk, on any date', body: debtorGroups })
  async groups(
    @Context() context: RequestContext,
    @Query({ schema: groupsQuery }) { asOf, knownAt }: z.output<typeof groupsQuery>,
  ): Promise<z.input<typeof debtorGroups>> {
    const groups = await this.queries.execute(
      new ListDebtorGroupsQuery(context.tenantId, {
        asOf: asOf ?? (await this.queries.execute(new ReadBusinessDateQuery(context.tenantId))),
        knownAt,
      }),
    );
    return {
      items: groups.map(({ groupId, name, members, limit, effectiveOn }) => ({
        ...{ id: groupId, name, members: [...members], effectiveOn },
        limit: limit === null ? null : money(limit.minor, limit.currency),
      })),
    };
  }

  @Post('debtor-groups')
  @Permit('manager')
  @Returns({ status: 201, summary: 'State a group of debtors with a limit of its own', body: createdAnswer })
  async makeGroup(
    @Context() context: RequestContext,
    @Body({ schema: debtorGroupBody }) body: z.output<typeof debtorGroupBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof createdAnswer>> {
    const { id, streamVersion } = await this.#state(context, null, body);
    void reply.header('location', `/v1/debtor-groups/${id}`).header('etag', entityTag(streamVersion));
    return { id };
  }

  @Put('debtor-groups/:id')
  @Permit('manager')
  @Returns({ summary: 'State a group anew from a day on: its members and its limit', body: createdAnswer })
  async changeGroup(
    @Context() context: RequestContext,
    @Param({ schema: uuidParams }) { id }: z.output<typeof uuidParams>,
    @Body({ schema: debtorGroupBody }) body: z.output<typeof debtorGroupBody>,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof createdAnswer>> {
    const { streamVersion } = await this.#state(context, id, body, expectedVersion);
    void reply.header('etag', entityTag(streamVersion));
    return { id };
  }

  @Post('debtors/:id/credit-hold')
  @Permit('controller', 'manager')
  @Returns({ status: 201, summary: 'Sell nothing more on credit to a debtor', body: createdAnswer })
  placeHold(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Body({ schema: placeHoldBody }) { on, reason, pausesDunning }: z.output<typeof placeHoldBody>,
  ): Promise<z.input<typeof createdAnswer>> {
    return this.commands.execute(new PlaceCreditHoldCommand(context, id, { on, reason, pausesDunning }));
  }

  @Post('debtors/:id/credit-hold/release')
  @Permit('controller', 'manager')
  @Returns({ status: 201, summary: 'Release the credit hold of a debtor', body: createdAnswer })
  releaseHold(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Body({ schema: releaseHoldBody }) { on, reason }: z.output<typeof releaseHoldBody>,
  ): Promise<z.input<typeof createdAnswer>> {
    return this.commands.execute(new ReleaseCreditHoldCommand(context, id, { on, reason }));
  }

  async #state(context: RequestContext, id: string | null, body: z.output<typeof debtorGroupBody>, expectedVersion?: number) {
    const { name, members, limit } = body;
    const effectiveOn = body.effectiveOn ?? (await this.queries.execute(new ReadBusinessDateQuery(context.tenantId)));
    return this.commands.execute(new StateDebtorGroupCommand(context, id, { name, members, limit, effectiveOn }, expectedVersion));
  }
}

function useOnTheWire(credit: CreditExposure) {
  const nothing = { exposure: null, limit: null, band: null, used: null, headroom: null, unmeasured: null, missingRate: null, owed: null };
  if (credit.measured) {
    const { exposure, limit, use } = credit;
    return {
      ...nothing,
      exposure: money(exposure.minor, exposure.currency),
      limit: money(limit.minor, limit.currency),
      ...{ band: use.band, used: use.used === null ? null : use.used.toRate(6), headroom: money(use.headroom, limit.currency) },
    };
  }
  if (credit.why === 'no-limit') {
    return { ...nothing, unmeasured: credit.why, owed: credit.owed.map(({ minor, currency }) => money(minor, currency)) };
  }
  const { why, from, to, limit } = credit;
  return { ...nothing, limit: money(limit.minor, limit.currency), unmeasured: why, missingRate: { from, to } };
}
