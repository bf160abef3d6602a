import { Injectable } from '@nestjs/common';
import type { Ranked, RankFacts } from './rank-worklist';

export interface RankedList {
  readonly facts: RankFacts;
  readonly ranked: readonly Ranked[];
  readonly halfAmount: bigint;
}

/** Lists kept at once, and debtors in all of them together: of a big book few, of small ones more. */
const LISTS_MAX = 16;
const DEBTORS_MAX = 120_000;

/**
 * Lists ranked lately. What a debtor scores depends on the whole book, so each page of a list would rank it anew; at one position, as of one day, it never
 * comes out otherwise. Those who ask for the same one at once share the work. Nothing personal is in it.
 */
@Injectable()
export class RankedLists {
  readonly #lists = new Map<string, { readonly list: Promise<RankedList>; debtors: number }>();

  get(
    key: { readonly tenantId: number; readonly asOf: string; readonly position: bigint },
    rank: () => Promise<RankedList>,
  ): Promise<RankedList> {
    const name = `${String(key.tenantId)}/${key.asOf}/${String(key.position)}`;
    const known = this.#lists.get(name);
    // The one used last goes last: the first of them makes room.
    this.#lists.delete(name);
    const kept = known ?? { list: rank(), debtors: 0 };
    this.#lists.set(name, kept);
    if (known === undefined) {
      kept.list.then(
        ({ ranked }) => {
          kept.debtors = ranked.length;
          this.#makeRoom();
        },
        () => this.#lists.delete(name),
      );
    }
    return kept.list;
  }

  #makeRoom(): void {
    let debtors = [...this.#lists.values()].reduce((sum, list) => sum + list.debtors, 0);
    for (const [name, list] of this.#lists) {
      if (this.#lists.size <= LISTS_MAX && debtors <= DEBTORS_MAX) return;
      this.#lists.delete(name);
      debtors -= list.debtors;
    }
  }
}
