/** Shapes of objects that are remembered: a log repeats a handful; free attributes could bring any number. */
const SHAPES_MAX = 2_000;
const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** The members of an object in canonical order: what comes before each value, and which of the stored values it is. */
interface Shape {
  readonly before: readonly string[];
  readonly from: readonly number[];
}

/**
 * Writes the canonical JSON of what PostgreSQL stores without reading it into values: `jsonb` has one spelling, in which only the order
 * of members and the white space differ from the canonical one. Null where text holds an escape, and must be read properly. A number
 * is left as it is spelt, so that a spelling nobody hashed is no canonical text.
 */
export class StoredJson {
  readonly #shapes = new Map<string, Shape>();
  #text = '';
  #at = 0;

  /** `text` is the text of a `jsonb`. */
  canonical(text: string): string | null {
    if (text.includes('\\')) return null;
    this.#text = text;
    this.#at = 0;
    const canonical = this.value();
    return this.#at === text.length ? canonical : null;
  }

  private value(): string {
    switch (this.#text.charCodeAt(this.#at)) {
      case QUOTE:
        return this.string();
      case OPENING_BRACE:
        return this.object();
      case OPENING_BRACKET:
        return this.array();
      default:
        return this.scalar();
    }
  }

  private string(): string {
    const from = this.#at;
    this.#at = this.#text.indexOf('"', from + 1) + 1;
    return this.#text.slice(from, this.#at);
  }

  private scalar(): string {
    const from = this.#at;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === COMMA || code === CLOSING_BRACE || code === CLOSING_BRACKET) break;
    }
    return this.#text.slice(from, this.#at);
  }

  private array(): string {
    const items: string[] = [];
    this.each(CLOSING_BRACKET, () => {
      items.push(this.value());
    });
    return `[${items.join(',')}]`;
  }

  private object(): string {
    const keys: string[] = [];
    const values: string[] = [];
    let name = '';
    this.each(CLOSING_BRACE, () => {
      const key = this.string();
      // The colon and the space behind it.
      this.#at += 2;
      keys.push(key);
      name += key;
      values.push(this.value());
    });
    const { before, from } = this.shapeOf(name, keys);
    let text = '{';
    for (let index = 0; index < before.length; index += 1) text += (before[index] as string) + (values[from[index] as number] as string);
    return text + '}';
  }

  /** Members or items up to the closing mark, each at its beginning. */
  private each(closing: number, read: () => void): void {
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text.charCodeAt(this.#at) !== closing) {
      read();
      // The comma and the space behind it.
      if (this.#text.charCodeAt(this.#at) === COMMA) this.#at += 2;
    }
    this.#at += 1;
  }

  private shapeOf(name: string, keys: readonly string[]): Shape {
    const known = this.#shapes.get(name);
    if (known !== undefined) return known;
    // Without the closing quote, which would sort a longer key before a shorter one that it begins with.
    const sorted = keys.map((key, index) => ({ key, bare: key.slice(1, -1), index })).sort((a, b) => (a.bare < b.bare ? -1 : 1));
    const shape = { before: sorted.map(({ key }, index) => `${index === 0 ? '' : ','}${key}:`), from: sorted.map(({ index }) => index) };
    if (this.#shapes.size >= SHAPES_MAX) this.#shapes.clear();
    this.#shapes.set(name, shape);
    return shape;
  }
}
