import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Collects the named schemas (`.meta({ id })`) of everything it converts, for `components.schemas`. */
export class SchemaCollector {
  private readonly named = new Map<string, JsonSchema>();

  /** JSON Schema (2020-12) of a zod schema as it is sent (`input`) or answered (`output`). */
  convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $defs, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
    const converted = without(rest, '$schema');
    for (const [name, definition] of Object.entries($defs ?? {})) this.define(name, definition);
    if (typeof rest.id === 'string') {
      this.define(rest.id, converted);
      return { $ref: reference(rest.id) };
    }
    return pointingToComponents(converted);
  }

  /** The named schemas so far, by name. */
  components(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.named].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  private define(name: string, definition: object): void {
    this.named.set(name, pointingToComponents(without(definition, 'id')));
  }
}

function without(schema: object, name: string): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== name));
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}

function pointingToComponents(schema: object): JsonSchema {
  const copy: unknown = JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? value.replace(/^#\/\$defs\//, reference('')) : value,
  );
  return typeof copy === 'object' && copy !== null ? Object.fromEntries(Object.entries(copy)) : {};
}
