import { Body, Get, Inject, Param, Post, Query, type Type } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CLOCK, type Clock, type RequestContext } from '@app/platform';
import {
  ApprovePolicyCommand,
  ListPoliciesQuery,
  WithdrawPolicyCommand,
  type PolicyCollection,
  type PolicyContent,
  type PolicyView,
} from '@app/provisioning';
import { z } from 'zod';
import { Context, figureStampShape, notFound, Permit, positionNumber, Returns, type EdgeReply } from '../http';
import { approvePolicyBody, debtorIdSchema, decidedPolicy, policyListShape, policyQuery, withdrawPolicyBody } from './policies.schemas';
import { identifierParams, kindSchema } from './provisioning.schemas';

/** What the routes of one collection of policies differ in. */
interface PolicyRoutesOptions<Collection extends PolicyCollection, Item extends z.ZodObject, Filter extends z.ZodRawShape> {
  readonly collection: Collection;
  /** in summaries and in what is said when there is none. */
  readonly noun: string;
  readonly plural: string;
  readonly item: Item;
  onTheWire(view: PolicyView<PolicyContent<Collection>>, asOf: string): z.input<Item>;
  /** query parameters of the list besides asOf, knownAt and status. */
  readonly filter: Filter;
  matches(view: PolicyView<PolicyContent<Collection>>, filter: z.output<z.ZodObject<Filter>>): boolean;
}

interface PolicyRoutes {
  readonly commands: CommandBus;
  readonly queries: QueryBus;
}

/**
 * The routes every collection of policies shares: approve, withdraw, list and get. A controller extends what this answers and adds how its policies
 * are proposed.
 */
export function policyRoutes<Collection extends PolicyCollection, Item extends z.ZodObject, Filter extends z.ZodRawShape>(
  options: PolicyRoutesOptions<Collection, Item, Filter>,
): Type<PolicyRoutes> {
  const { collection, noun, plural, item } = options;
  const listQuery = z.strictObject({ ...policyListShape, ...options.filter });
  const answer = z.object({ ...figureStampShape, ...item.shape });
  const list = z.object({ ...figureStampShape, items: z.array(item) });

  class PolicyRoutesController implements PolicyRoutes {
    constructor(
      @Inject(CommandBus) readonly commands: CommandBus,
      @Inject(QueryBus) readonly queries: QueryBus,
      @Inject(CLOCK) readonly clock: Clock,
    ) {}

    @Post(':id/approve')
    @Permit('approver')
    @Returns({ summary: `Approve a proposed ${noun}; another principal than the one who proposed it`, body: decidedPolicy })
    approve(
      @Context() context: RequestContext,
      @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
      @Body({ schema: approvePolicyBody }) { contentHash }: z.output<typeof approvePolicyBody>,
    ): Promise<z.input<typeof decidedPolicy>> {
      return this.commands.execute(new ApprovePolicyCommand(context, collection, { id, contentHash }));
    }

    @Post(':id/withdraw')
    @Permit('manager', 'approver')
    @Returns({ summary: `Take back a proposed ${noun} that nobody has approved`, body: decidedPolicy })
    withdraw(
      @Context() context: RequestContext,
      @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
      @Body({ schema: withdrawPolicyBody }) { reason }: z.output<typeof withdrawPolicyBody>,
    ): Promise<z.input<typeof decidedPolicy>> {
      return this.commands.execute(new WithdrawPolicyCommand(context, collection, { id, reason: reason ?? null }));
    }

    @Get()
    @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
    @Returns({ summary: `${plural} as known at any moment, and which are in force on a date`, body: list })
    async list(@Context() context: RequestContext, @Query({ schema: listQuery }) query: z.output<typeof listQuery>): Promise<object> {
      // TypeScript cannot look into a shape it does not know: the query is both halves at once.
      const { status, ...moment } = query as z.output<z.ZodObject<typeof policyListShape>>;
      const filter = query as z.output<z.ZodObject<Filter>>;
      const { asOf, knownAt, position, items } = await this.read(context, moment);
      const shown = items.filter((view) => (status === undefined || view.status === status) && options.matches(view, filter));
      return { asOf, knownAt, position: positionNumber(position), items: shown.map((view) => options.onTheWire(view, asOf)) };
    }

    @Get(':id')
    @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
    @Returns({ summary: `One ${noun} as known at any moment`, body: answer })
    async get(
      @Context() context: RequestContext,
      @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
      @Query({ schema: policyQuery }) query: z.output<typeof policyQuery>,
    ): Promise<object> {
      const { asOf, knownAt, position, items } = await this.read(context, query);
      const found = items.find((view) => view.id === id);
      if (found === undefined) throw notFound(noun, id);
      return { asOf, knownAt, position: positionNumber(position), ...options.onTheWire(found, asOf) };
    }

    private read(context: RequestContext, query: z.output<typeof policyQuery>) {
      const asOf = query.asOf ?? this.clock.today();
      return this.queries.execute(new ListPoliciesQuery(context.tenantId, collection, { asOf, knownAt: query.knownAt }));
    }
  }
  return PolicyRoutesController;
}

/** Lists that can be asked for one kind. */
export const filteredByKind = {
  filter: { kind: kindSchema.optional() },
  matches: ({ content }: PolicyView<{ readonly kind: string }>, { kind }: { readonly kind?: string | undefined }): boolean =>
    kind === undefined || content.kind === kind,
};

/** Lists that can be asked for one debtor. */
export const filteredByDebtor = {
  filter: { debtorId: debtorIdSchema.optional() },
  matches: ({ content }: PolicyView<{ readonly debtorId: string }>, { debtorId }: { readonly debtorId?: string | undefined }): boolean =>
    debtorId === undefined || content.debtorId === debtorId,
};

/** The part of a policy that every collection shows alike. */
export function progressOf(view: PolicyView<unknown>) {
  const { id, effectiveOn, status, contentHash, proposedBy, proposedAt, inForce } = view;
  return {
    ...{ id, effectiveOn, status, contentHash, proposedBy, proposedAt, inForce },
    approvedBy: view.status === 'approved' ? view.approvedBy : null,
    approvedAt: view.status === 'approved' ? view.approvedAt : null,
    withdrawnBy: view.status === 'withdrawn' ? view.withdrawnBy : null,
    withdrawnAt: view.status === 'withdrawn' ? view.withdrawnAt : null,
  };
}

/** Answers a proposal, and where it is found. */
export function located<Proposed extends { readonly id: string }>(
  reply: EdgeReply,
  collection: PolicyCollection,
  proposed: Proposed,
): Proposed {
  void reply.header('location', `/v1/${collection}/${proposed.id}`);
  return proposed;
}
