import { Body, Controller, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import { AllocateCreditCommand } from '@app/receivables';
import type { z } from 'zod';
import { Context, Permit, Returns, money } from '../http';
import { allocateBody, allocationAnswer, debtorParams } from './allocation.schemas';

@Controller('v1/debtors/:id/allocations')
export class AllocationController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Permit('controller')
  @Returns({
    status: 201,
    summary: 'Put unapplied credit of a debtor onto its receivables, oldest first or as stated.',
    description:
      'Each receivable gets a movement of type `allocation`: what it owes and the unapplied credit fall alike. No cash is received by it, so it ' +
      'is no collection of its day. Never more than the credit holds, nor than a receivable owes, on any date from `effectiveOn` on.',
    body: allocationAnswer,
  })
  async allocate(
    @Context() context: RequestContext,
    @Param({ schema: debtorParams }) { id }: z.output<typeof debtorParams>,
    @Body({ schema: allocateBody }) body: z.output<typeof allocateBody>,
  ): Promise<z.input<typeof allocationAnswer>> {
    const { currency, allocated, items, ...rest } = await this.commands.execute(
      new AllocateCreditCommand(context, { debtorId: id, ...body }),
    );
    return {
      id: rest.id,
      debtorId: rest.debtorId,
      entityId: rest.entityId,
      effectiveOn: rest.effectiveOn,
      allocated: money(allocated, currency),
      items: items.map((item) => ({ ...item, amount: money(item.amount, currency) })),
    };
  }
}
