import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import type { StatedDeclaration } from '../open-items/declaration';
import type { ImportFormat } from './import-kinds';

export interface Upload {
  /** One of IMPORT_KINDS; anything else is refused. */
  readonly kind: string;
  readonly format: ImportFormat;
  /** As named by the sender; undefined leaves it to the byte-order mark, else UTF-8. */
  readonly charset: string | undefined;
  readonly dryRun: boolean;
  /** What a list of open items says of itself; not read for other kinds. */
  readonly declaration?: StatedDeclaration | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Stores a file durably and puts it in the tenant's queue.
 * @throws Refusal `import-kind-unknown`, `charset-unknown`, `encoding-invalid`, `file-empty`, `file-too-large`, `column-missing`, `column-duplicate`,
 *   `column-invalid`, `too-many-columns`, `csv-structure`, `json-structure`, `upload-broken-off`, and for a list of open items `as-of-missing`,
 *   `as-of-in-future`, `date-invalid`, `kind-unknown`; nothing is stored then.
 */
export class ReceiveImportCommand extends Command<{ id: string; status: 'queued' }> {
  constructor(
    readonly context: RequestContext,
    readonly upload: Upload,
  ) {
    super();
  }
}
