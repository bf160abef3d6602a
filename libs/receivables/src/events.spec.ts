import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { events, receivablesEventSchemas } from './events';

const FILE = join(__dirname, '../../../docs/events/receivables.json');

describe('the events of receivables', () => {
  it('are published as they are stored: a consumer builds on docs/events/receivables.json', () => {
    const generated = Object.fromEntries(
      events.map(({ code, type, schemaVersion }) => {
        const schema = Object.entries(receivablesEventSchemas).find(([name]) => name === type)?.[1];
        if (schema === undefined) throw new Error(`Event ${type} has no schema.`);
        return [type, { code, schemaVersion, data: z.toJSONSchema(schema) }];
      }),
    );
    const text = `${JSON.stringify(generated, null, 2)}\n`;
    if (process.env['WRITE_EVENT_SCHEMAS'] === 'true') writeFileSync(FILE, text);
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(text));
  });

  it('keep to the codes of receivables, each used once: a code in the log means one type for ever', () => {
    const codes = events.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => code >= 100 && code <= 199)).toBe(true);
    expect(events.map(({ type }) => type).sort()).toEqual(Object.keys(receivablesEventSchemas).sort());
  });
});
