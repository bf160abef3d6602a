import { Body, Controller, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import { ClassifySettlementCommand } from '@app/receivables';
import { z } from 'zod';
import { Context, Permit, Returns } from '../http';

const MOVEMENT_ID_LENGTH_MAX = 300;
const REASON_LENGTH_MAX = 2_000;

const movementParams = z.strictObject({ movementId: z.string().min(1).max(MOVEMENT_ID_LENGTH_MAX) });
const settlementClass = z.enum(['payment', 'credit_note', 'write_off']);
const classifyBody = z.strictObject({ type: settlementClass, reason: z.string().trim().min(1).max(REASON_LENGTH_MAX) });
const classificationAnswer = z.object({ id: z.string(), type: settlementClass });

@Controller('v1/movements/:movementId/classification')
export class ClassificationController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Permit('controller', 'manager')
  @Returns({
    status: 201,
    summary: 'Say what an unclassified settlement was: a payment, a credit note or a write-off.',
    description: 'Amount and date stay. Readings from before this was known keep seeing it unclassified.',
    body: classificationAnswer,
  })
  classify(
    @Context() context: RequestContext,
    @Param({ schema: movementParams }) { movementId }: z.output<typeof movementParams>,
    @Body({ schema: classifyBody }) body: z.output<typeof classifyBody>,
  ): Promise<z.input<typeof classificationAnswer>> {
    return this.commands.execute(new ClassifySettlementCommand(context, movementId, body));
  }
}
