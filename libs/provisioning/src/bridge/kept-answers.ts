/**
 * Answers that cannot change, finished or still being computed, the latest few of them. Whoever gave up waiting for a big one finds it when
 * asking again. A failure is not kept.
 */
export class KeptAnswers<Answer> {
  private readonly kept = new Map<string, Promise<Answer>>();

  constructor(private readonly size: number) {}

  get(key: string, make: () => Promise<Answer>): Promise<Answer> {
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const making = make();
    this.kept.set(key, making);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.size) break;
      this.kept.delete(oldest);
    }
    making.catch(() => this.kept.delete(key));
    return making;
  }
}
