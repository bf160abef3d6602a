import { ACCOUNT_ROLES, type AccountMapping } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import {
  GetAccountMappingQuery,
  GetRunJournalQuery,
  PostProvisionRunCommand,
  SetAccountMappingCommand,
  type RunJournalView,
} from '@app/provisioning';
import { Body, Controller, Get, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { z } from 'zod';
import { Context, Permit, positionNumber, Returns, type EdgeReply } from '../http';
import { amountOf } from './figures-on-the-wire';
import { accountMapping, accountMappingBody, journalQuery, postedRun, runJournal } from './journal.schemas';
import { journalCsv, journalLineOnTheWire } from './journal.wire';
import { identifierParams } from './provisioning.schemas';

@Controller('v1')
export class JournalController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Post('provision-runs/:id/post')
  @Permit('approver')
  @Returns({
    status: 202,
    summary: 'Post an approved run: book its movement since the run posted before, leg by leg',
    body: postedRun,
  })
  async post(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof postedRun>> {
    const posted = await this.commands.execute(new PostProvisionRunCommand(context, id));
    void reply.header('location', `/v1/provision-runs/${id}/journal`);
    return posted;
  }

  @Get('provision-runs/:id/journal')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    summary: 'The journal of a run as posted, or as a draft against the run posted before',
    description: '`format=csv` has one line for each line of the journal.',
    body: runJournal,
  })
  async journal(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Query({ schema: journalQuery }) { format }: z.output<typeof journalQuery>,
    @Res() reply: EdgeReply,
  ): Promise<void> {
    const journal = await this.queries.execute(new GetRunJournalQuery(context.tenantId, id));
    if (format === 'json') return reply.send(onTheWire(journal));
    return reply
      .headers({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="journal-${id}.csv"` })
      .send(journalCsv(journal));
  }

  @Put('account-mapping')
  @Permit('manager', 'admin')
  @Returns({ summary: 'State the account codes journals are booked to; what is left out has its default name', body: accountMapping })
  async map(
    @Context() context: RequestContext,
    @Body({ schema: accountMappingBody }) { byKind, ...codes }: z.output<typeof accountMappingBody>,
  ): Promise<z.input<typeof accountMapping>> {
    const mapping = {
      accounts: stated(codes),
      byKind: Object.fromEntries(Object.entries(byKind ?? {}).map(([kind, own]) => [kind, stated(own)])),
    };
    return mappingOnTheWire(await this.commands.execute(new SetAccountMappingCommand(context, mapping)));
  }

  @Get('account-mapping')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'The account codes journals are booked to', body: accountMapping })
  async mapping(@Context() context: RequestContext): Promise<z.input<typeof accountMapping>> {
    return mappingOnTheWire(await this.queries.execute(new GetAccountMappingQuery(context.tenantId)));
  }
}

/** Without what was left out: a code that is not there is not a code of undefined. */
function stated(codes: Readonly<Partial<Record<(typeof ACCOUNT_ROLES)[number], string | undefined>>>): Partial<AccountMapping['accounts']> {
  return Object.fromEntries(ACCOUNT_ROLES.flatMap((role) => (codes[role] === undefined ? [] : [[role, codes[role]]])));
}

function mappingOnTheWire({ accounts, byKind }: AccountMapping): z.input<typeof accountMapping> {
  return { ...accounts, byKind: Object.fromEntries(Object.entries(byKind).map(([kind, codes]) => [kind, { ...codes }])) };
}

function onTheWire(journal: RunJournalView): z.input<typeof runJournal> {
  const { currency, opening, closing, impairmentLoss, recoveries, legs, lines, position, ...shown } = journal;
  return {
    ...shown,
    ...{ currency, position: positionNumber(position) },
    opening: amountOf(opening, currency),
    legs: legs.map(({ amount, collective, individual, staged, ...leg }) => ({
      ...leg,
      amount: amountOf(amount, currency),
      collective: amountOf(collective, currency),
      individual: amountOf(individual, currency),
      staged: amountOf(staged, currency),
    })),
    closing: amountOf(closing, currency),
    impairmentLoss: amountOf(impairmentLoss, currency),
    recoveries: amountOf(recoveries, currency),
    lines: lines.map((line) => journalLineOnTheWire(line, currency)),
  };
}
