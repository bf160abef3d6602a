import { Body, Controller, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import { AmendDebtorCommand } from '@app/receivables';
import { z } from 'zod';
import { Context, Permit, Returns, localDateSchema, moneyInput } from '../http';
import { debtorParams } from './allocation.schemas';

const SEGMENT_LENGTH_MAX = 64;
const TERMS_DAYS_MAX = 3_650;

const amendDebtorBody = z
  .strictObject({
    effectiveOn: localDateSchema,
    segment: z.string().trim().max(SEGMENT_LENGTH_MAX).optional(),
    relatedParty: z.boolean().optional(),
    creditImpaired: z.boolean().optional().describe('evidence of default from this day on (IFRS 9 Appendix A)'),
    termsDays: z.int().min(0).max(TERMS_DAYS_MAX).nullable().optional(),
    creditLimit: moneyInput
      .refine(({ minor }) => minor >= 0n, 'Expected a limit that is not negative')
      .nullable()
      .optional(),
  })
  .refine(
    ({ effectiveOn: _effectiveOn, ...stated }) => Object.values(stated).some((value) => value !== undefined),
    'Expected something to amend',
  );

const amendmentAnswer = z.object({ id: z.string(), changed: z.boolean().describe('false: the debtor is like that already') });

@Controller('v1/debtors/:id/amendments')
export class DebtorAmendmentsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Permit('manager')
  @Returns({
    status: 201,
    summary: 'Amend segment, related party, credit-impaired flag, terms or limit of a debtor from a day on.',
    description: 'What is left out stays as it is on that day; what is dated later stays as it is.',
    body: amendmentAnswer,
  })
  amend(
    @Context() context: RequestContext,
    @Param({ schema: debtorParams }) { id }: z.output<typeof debtorParams>,
    @Body({ schema: amendDebtorBody }) body: z.output<typeof amendDebtorBody>,
  ): Promise<z.input<typeof amendmentAnswer>> {
    return this.commands.execute(new AmendDebtorCommand(context, id, body));
  }
}
