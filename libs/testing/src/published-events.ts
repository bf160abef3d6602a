import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';

export interface PublishedEvents {
  readonly feature: string;
  /** Codes that belong to the feature, both ends included. */
  readonly codes: readonly [first: number, last: number];
  readonly events: readonly EventDefinition[];
  readonly schemas: Readonly<Record<string, z.ZodType>>;
}

/** The promises a feature makes about its events. `WRITE_EVENT_SCHEMAS=true` writes `docs/events/<feature>.json` anew. */
export function describePublishedEvents({ feature, codes: [first, last], events, schemas }: PublishedEvents): void {
  const file = join(__dirname, '../../../docs/events', `${feature}.json`);

  describe(`the events of ${feature}`, () => {
    it(`are published as they are stored: a consumer builds on docs/events/${feature}.json`, () => {
      const generated = Object.fromEntries(
        events.map(({ code, type, schemaVersion }) => {
          const schema = schemas[type];
          if (schema === undefined) throw new Error(`Event ${type} has no schema.`);
          return [type, { code, schemaVersion, data: z.toJSONSchema(schema) }];
        }),
      );
      const text = `${JSON.stringify(generated, null, 2)}\n`;
      if (process.env['WRITE_EVENT_SCHEMAS'] === 'true') writeFileSync(file, text);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(text));
    });

    it(`keep to the codes ${String(first)}-${String(last)}, each used once: a code in the log means one type for ever`, () => {
      const codes = events.map(({ code }) => code);
      expect(new Set(codes).size).toBe(codes.length);
      expect(codes.every((code) => code >= first && code <= last)).toBe(true);
      expect(events.map(({ type }) => type).sort()).toEqual(Object.keys(schemas).sort());
    });
  });
}
