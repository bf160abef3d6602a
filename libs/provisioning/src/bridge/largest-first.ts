/** Keeps the first `size` items in order out of any number of them: what a page of a sorted list needs, in the memory of a page. */
export class LargestFirst<Item> {
  private readonly items: Item[] = [];

  constructor(
    private readonly size: number,
    /** negative when the left one comes first; items never compare equal. */
    private readonly compare: (left: Item, right: Item) => number,
  ) {}

  /** Whether the item would be kept: asked before anything costly is made for it. */
  wouldKeep(item: Item): boolean {
    const last = this.items.at(-1);
    return this.items.length < this.size || (last !== undefined && this.compare(item, last) < 0);
  }

  add(item: Item): void {
    if (!this.wouldKeep(item)) return;
    let [low, high] = [0, this.items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.items[middle];
      if (other !== undefined && this.compare(other, item) < 0) low = middle + 1;
      else high = middle;
    }
    this.items.splice(low, 0, item);
    if (this.items.length > this.size) this.items.pop();
  }

  inOrder(): readonly Item[] {
    return this.items;
  }
}
