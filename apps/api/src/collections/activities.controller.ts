import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  AddContactCommand,
  AmendContactCommand,
  ListActivitiesQuery,
  ListContactsQuery,
  RecordActivityCommand,
  RemoveContactCommand,
} from '@app/collections';
import type { RequestContext } from '@app/platform';
import { z } from 'zod';
import { Context, decodeCursor, page, Permit, positionNumber, Returns, type EdgeReply, type EdgeRequest } from '../http';
import {
  activitiesQuery,
  activityBody,
  activityPage,
  contactBody,
  contactChanges,
  contactList,
  contactParams,
  created,
  debtorIdParams,
  removeContactQuery,
} from './cases.schemas';
import { activityOnTheWire } from './cases.wire';

/** The position the first page was read at, and the version of the last item shown. */
const cursorSchema = z.tuple([z.int().nonnegative(), z.int().positive()]);

/** What was done about a debtor, and whom one talks to there. */
@Controller('v1/debtors/:id')
export class ActivitiesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('activities')
  @Permit('controller', 'manager')
  @Returns({ status: 201, summary: 'Record a call, email, letter, visit, legal step or note', body: created })
  record(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Body({ schema: activityBody }) body: z.output<typeof activityBody>,
  ): Promise<z.input<typeof created>> {
    const { note = null, contactId = null, receivableIds = [], nextContactOn = null, ...activity } = body;
    return this.commands.execute(new RecordActivityCommand(context, id, { ...activity, note, contactId, receivableIds, nextContactOn }));
  }

  @Get('activities')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'List the activities about a debtor, the latest recorded first', body: activityPage })
  async list(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Query({ schema: activitiesQuery }) query: z.output<typeof activitiesQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof activityPage>> {
    const [readAt, below] = decodeCursor(query.cursor, cursorSchema) ?? [];
    const from = { knownAt: query.knownAt, below, ...(readAt !== undefined && { position: BigInt(readAt) }) };
    const found = await this.queries.execute(new ListActivitiesQuery(context.tenantId, id, { ...from, limit: query.limit + 1 }));
    const at = positionNumber(found.position);
    const { items, next } = page(found.items, query.limit, (last) => [at, last.version], { request, reply });
    return { items: items.map(activityOnTheWire), next };
  }

  @Get('contacts')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'List whom one talks to at a debtor', body: contactList })
  async contacts(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
  ): Promise<z.input<typeof contactList>> {
    const contacts = await this.queries.execute(new ListContactsQuery(context.tenantId, id));
    const nobody = { name: null, email: null, phone: null, role: null };
    return { items: contacts.map(({ id: contactId, details }) => ({ id: contactId, erased: details === null, ...(details ?? nobody) })) };
  }

  @Post('contacts')
  @Permit('controller', 'manager')
  @Returns({ status: 201, summary: 'Add a contact; who it is lies under a key of its own', body: created })
  add(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Body({ schema: contactBody }) { name, email = null, phone = null, role = null }: z.output<typeof contactBody>,
  ): Promise<z.input<typeof created>> {
    return this.commands.execute(new AddContactCommand(context, id, { name, email, phone, role }));
  }

  @Patch('contacts/:contactId')
  @Permit('controller', 'manager')
  @Returns({ summary: 'Amend a contact; what is left out stays', body: created })
  amend(
    @Context() context: RequestContext,
    @Param({ schema: contactParams }) { id, contactId }: z.output<typeof contactParams>,
    @Body({ schema: contactChanges }) changes: z.output<typeof contactChanges>,
  ): Promise<z.input<typeof created>> {
    return this.commands.execute(new AmendContactCommand(context, id, contactId, changes));
  }

  @Delete('contacts/:contactId')
  @Permit('controller', 'manager')
  @Returns({ status: 204, summary: 'Remove a contact, and erase the person when asked to' })
  async remove(
    @Context() context: RequestContext,
    @Param({ schema: contactParams }) { id, contactId }: z.output<typeof contactParams>,
    @Query({ schema: removeContactQuery }) { erase }: z.output<typeof removeContactQuery>,
  ): Promise<void> {
    await this.commands.execute(new RemoveContactCommand(context, id, contactId, erase === 'true'));
  }
}
