import { FOOT_RULE, type PresentedCell } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { GetDisclosureQuery, type DisclosedRun, type Disclosure } from '@app/provisioning';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { z } from 'zod';
import { Context, Permit, positionNumber, Returns, type EdgeReply } from '../http';
import { disclosureCsv } from './disclosure-csv';
import { disclosureHtml } from './disclosure-html';
import { disclosure, disclosureQuery } from './disclosure.schemas';
import { amountOf } from './figures-on-the-wire';
import { identifierParams } from './provisioning.schemas';

@Controller('v1/provision-runs')
export class DisclosureController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get(':id/disclosure')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    summary: 'The note to the accounts of a run, rounded, beside an earlier one',
    description: '`format=csv` has one line for each cell, `format=html` is a page to print.',
    body: disclosure,
  })
  async get(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Query({ schema: disclosureQuery }) { format, unit, comparative }: z.output<typeof disclosureQuery>,
    @Res() reply: EdgeReply,
  ): Promise<void> {
    const request = { runId: id, unit, comparativeRunId: comparative ?? null };
    const note = await this.queries.execute(new GetDisclosureQuery(context.tenantId, request));
    switch (format) {
      case 'json':
        return reply.send(onTheWire(note));
      case 'csv':
        return reply
          .headers({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="disclosure-${id}.csv"` })
          .send(disclosureCsv(note));
      case 'html':
        return reply.headers({ 'content-type': 'text/html; charset=utf-8' }).send(disclosureHtml(note));
    }
  }
}

function onTheWire({ run, comparative, currency, unit, tables, ties }: Disclosure): z.input<typeof disclosure> {
  const cells = (from: Readonly<Record<string, PresentedCell>>) =>
    Object.fromEntries(Object.entries(from).map(([column, cell]) => [column, cellOnTheWire(cell, currency)]));
  const rows = tables.flatMap((table) => table.rows);
  const gapIn = (from: Readonly<Record<string, PresentedCell>> | null): boolean =>
    Object.values(from ?? {}).some((cell) => cell.type === 'amount' && cell.gap !== 0n);
  return {
    ...runOnTheWire(run),
    comparative: comparative === null ? null : runOnTheWire(comparative),
    ...{ currency, unit, footRule: FOOT_RULE },
    foots: !rows.some((row) => gapIn(row.current) || gapIn(row.comparative)),
    tables: tables.map(({ id, title, source, basis, columns, rows: ofTable }) => ({
      ...{ id, title, source, basis },
      columns: columns.map((column) => ({ ...column })),
      rows: ofTable.map(({ key, label, role, ...row }) => ({
        ...{ key, label, role },
        current: cells(row.current),
        comparative: row.comparative === null ? null : cells(row.comparative),
      })),
    })),
    ties: ties.map(({ what, left, right, difference }) => ({
      what,
      left: { table: left.table, amount: amountOf(left.minor, currency) },
      right: { table: right.table, amount: amountOf(right.minor, currency) },
      difference: amountOf(difference, currency),
    })),
  };
}

function runOnTheWire({ id, asOf, knownAt, position, hash, kindsLeftOut }: DisclosedRun) {
  return { ...{ id, asOf, knownAt, hash }, position: positionNumber(position), kindsLeftOut: [...kindsLeftOut] };
}

function cellOnTheWire(cell: PresentedCell, currency: string) {
  if (cell.type !== 'amount') return { value: cell.value };
  const { value, exact, gap } = cell;
  const marked = gap === 0n ? { foots: true } : { foots: false, gap: gap.toString() };
  return { value: value.toString(), exact: amountOf(exact, currency), ...marked };
}
