import { createHash, type Hash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { ProblemException } from './problem';

/**
 * A streamed request body that is counted and, when asked, hashed on its way through. Ends with a 413 problem when it is too long. Hashing is
 * decided at the start, because the first bytes arrive before any handler looks.
 */
export class MeteredBody extends Transform {
  private bytes = 0;
  private readonly hash: Hash | undefined;

  constructor(
    private readonly bytesMax: number,
    options: { hashed: boolean },
  ) {
    super();
    this.hash = options.hashed ? createHash('sha256') : undefined;
  }

  /** SHA-256 of everything that passed, or undefined when the body was not hashed or not read to its end. */
  digest(): Buffer | undefined {
    return this.readableEnded ? this.hash?.copy().digest() : undefined;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.bytesMax) {
      done(tooLarge(this.bytesMax));
      return;
    }
    this.hash?.update(chunk);
    done(null, chunk);
  }
}

export function tooLarge(bytesMax: number): ProblemException {
  return new ProblemException({
    code: 'body-too-large',
    status: 413,
    detail: `The body must not be longer than ${String(bytesMax)} bytes.`,
  });
}
