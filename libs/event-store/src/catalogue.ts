import { EventInvalid } from './errors';
import type { EventDefinition, JsonObject } from './types';

/** The event types of the process, by name and by code. Two types may share neither. */
export class EventCatalogue {
  readonly #byType = new Map<string, EventDefinition>();
  readonly #byCode = new Map<number, EventDefinition>();

  constructor(definitions: readonly EventDefinition[]) {
    for (const definition of definitions) {
      if (this.#byType.has(definition.type)) throw new Error(`event type ${definition.type} is defined twice`);
      if (this.#byCode.has(definition.code)) throw new Error(`event code ${definition.code} is given to two types`);
      for (let version = 1; version < definition.schemaVersion; version += 1) {
        if (definition.upcast?.[version] === undefined) throw new Error(`${definition.type} lacks the upcast from version ${version}`);
      }
      this.#byType.set(definition.type, definition);
      this.#byCode.set(definition.code, definition);
    }
  }

  ofType(type: string): EventDefinition {
    const definition = this.#byType.get(type);
    if (definition === undefined) throw new EventInvalid(`event type ${type} is not in the catalogue`);
    return definition;
  }

  types(): readonly EventDefinition[] {
    return [...this.#byType.values()];
  }

  ofCode(code: number): EventDefinition {
    const definition = this.#byCode.get(code);
    if (definition === undefined) throw new EventInvalid(`event code ${code} is not in the catalogue`);
    return definition;
  }

  /** Data brought to the version that the code of today reads. */
  upcast(definition: EventDefinition, storedVersion: number, data: JsonObject): JsonObject {
    let current = data;
    for (let version = storedVersion; version < definition.schemaVersion; version += 1) {
      const step = definition.upcast?.[version];
      if (step === undefined) throw new EventInvalid(`${definition.type} lacks the upcast from version ${version}`);
      current = step(current);
    }
    return current;
  }
}
