import type { ListFrom } from '@app/alerting';
import { z } from 'zod';
import { decodeCursor } from '../http';

const positionSchema = z.int().nonnegative();
/** The position the first page was read at, and that of the last item shown. */
const cursorSchema = z.tuple([positionSchema, positionSchema]);

export function listFrom(cursor: string | undefined): ListFrom | undefined {
  const decoded = decodeCursor(cursor, cursorSchema);
  return decoded === undefined ? undefined : { position: BigInt(decoded[0]), before: BigInt(decoded[1]) };
}
