import { Inject, Injectable } from '@nestjs/common';
import type { ChainVerification } from '@app/credit-domain';
import { type Database, type SealsVerification, type VerifiedSeal, verifySeals } from '@app/event-store';
import { CLOCK, DATABASE, type Clock } from '@app/platform';

/** Seals of one go: half a million events at most, then the place is remembered. */
const SEALS_AT_ONCE = 50;
/** Old seals that are looked at again each day. */
const SEALS_AGAIN = 20;

type Pass = 'new' | 'again';

interface CheckRow {
  pass: Pass;
  verified_to: { sealNo: string; toPosition: string; root: string } | null;
  checked_on: string;
  seals: bigint;
  problem_count: number;
  problems: ChainVerification['problems'];
}

/**
 * Verifies the seals that are new since the last look, and a part of the old ones again. Once a day for the whole installation, whichever tenant asks
 * first: seals cover every tenant.
 */
@Injectable()
export class ChainCheck {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async verify(): Promise<ChainVerification> {
    const today = this.clock.today('UTC');
    for (let row = await this.#row('new'); row?.checked_on !== today; row = await this.#row('new')) {
      if ((await this.#go('new', row, today, SEALS_AT_ONCE)).isComplete) await this.#again(today);
    }
    const rows = [await this.#row('new'), await this.#row('again')].filter((row) => row !== undefined);
    return {
      sealedTo: rows[0]?.verified_to?.toPosition ?? '0',
      seals: Number(rows[0]?.seals ?? 0n),
      problemCount: rows.reduce((sum, row) => sum + row.problem_count, 0),
      problems: rows.flatMap(({ problems }) => problems),
    };
  }

  /** Goes round: from the start again once it has come to the end. */
  async #again(today: string): Promise<void> {
    const row = await this.#row('again');
    const { isComplete, problemCount } = await this.#go('again', row, today, SEALS_AGAIN);
    if (isComplete && problemCount === 0) await this.#save('again', null, today, row?.seals ?? 0n, { problemCount: 0, problems: [] });
  }

  async #go(pass: Pass, row: CheckRow | undefined, today: string, sealsMax: number): Promise<SealsVerification> {
    const after = row?.verified_to ?? null;
    const found = await verifySeals(this.database, after === null ? null : sealOf(after), sealsMax);
    // What is left is done next; what does not verify stands until it does.
    const isDone = found.isComplete || found.problemCount > 0 || pass === 'again';
    const seals = found.verifiedTo?.sealNo ?? 0n;
    await this.#save(pass, found.verifiedTo, isDone ? today : (row?.checked_on ?? '1970-01-01'), seals, found);
    return { ...found, isComplete: isDone && found.isComplete };
  }

  async #row(pass: Pass): Promise<CheckRow | undefined> {
    const [row] = await this.database.statement<CheckRow>(
      'SELECT pass, verified_to, checked_on::text AS checked_on, seals, problem_count, problems FROM al.chain_check WHERE pass = $1',
      [pass],
    );
    return row;
  }

  async #save(
    pass: Pass,
    verifiedTo: VerifiedSeal | null,
    checkedOn: string,
    seals: bigint,
    { problemCount, problems }: Pick<SealsVerification, 'problemCount' | 'problems'>,
  ): Promise<void> {
    const seal =
      verifiedTo === null
        ? null
        : { sealNo: verifiedTo.sealNo.toString(), toPosition: verifiedTo.toPosition.toString(), root: verifiedTo.root };
    await this.database.statement(
      `INSERT INTO al.chain_check (pass, verified_to, checked_on, seals, problem_count, problems) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (pass) DO UPDATE SET verified_to = excluded.verified_to, checked_on = excluded.checked_on, seals = excluded.seals,
         problem_count = excluded.problem_count, problems = excluded.problems`,
      [pass, seal === null ? null : JSON.stringify(seal), checkedOn, seals, problemCount, JSON.stringify(problems.map(shown))],
    );
  }
}

function sealOf({ sealNo, toPosition, root }: NonNullable<CheckRow['verified_to']>): VerifiedSeal {
  return { sealNo: BigInt(sealNo), toPosition: BigInt(toPosition), root };
}

function shown({ kind, fromPosition, toPosition, detail }: SealsVerification['problems'][number]): ChainVerification['problems'][number] {
  return { kind, from: fromPosition.toString(), to: toPosition.toString(), detail };
}
