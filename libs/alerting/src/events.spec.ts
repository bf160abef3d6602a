import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { alertingEventSchemas, events } from './events';

const FILE = join(__dirname, '../../../docs/events/alerting.json');

describe('the events of alerting', () => {
  it('are published as they are stored: a consumer builds on docs/events/alerting.json', () => {
    const schemas = new Map<string, z.ZodType>(Object.entries(alertingEventSchemas));
    const generated = Object.fromEntries(
      events.map(({ code, type, schemaVersion }) => {
        const schema = schemas.get(type);
        if (schema === undefined) throw new Error(`Event ${type} has no schema.`);
        return [type, { code, schemaVersion, data: z.toJSONSchema(schema) }];
      }),
    );
    const text = `${JSON.stringify(generated, null, 2)}\n`;
    if (process.env['WRITE_EVENT_SCHEMAS'] === 'true') writeFileSync(FILE, text);
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(text));
  });

  it('keep to the codes of alerting, each used once: a code in the log means one type for ever', () => {
    const codes = events.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => code >= 400 && code <= 499)).toBe(true);
    expect(events.map(({ type }) => type).sort()).toEqual(Object.keys(alertingEventSchemas).sort());
  });
});
