import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 'v1';

/** A sealed text does not open: it was changed, belongs to another place, or was sealed under another key. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  constructor() {
    super('A sealed value does not open under this key.');
  }
}

/** AES-256-GCM; the result is nonce, ciphertext and tag in one buffer. `aad` binds it to its place. */
export function sealBytes(key: Buffer, plain: Buffer, aad: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(aad, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws SealBroken */
export function openBytes(key: Buffer, sealed: Buffer, aad: string): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(aad, 'utf8'));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch {
    throw new SealBroken();
  }
}

/** Seals secrets (webhook addresses, SMTP passwords, personal keys) under the master key of the installation. */
export class SecretBox {
  readonly #key: Buffer;

  constructor(masterKey: Buffer) {
    if (masterKey.length !== 32) throw new RangeError('The master key has 32 bytes.');
    this.#key = masterKey;
  }

  /** `aad` names the place of the secret, such as `channel/<id>`; the same is needed to open it. */
  seal(plain: string, aad: string): string {
    return `${FORMAT}.${sealBytes(this.#key, Buffer.from(plain, 'utf8'), aad).toString('base64url')}`;
  }

  /** @throws SealBroken */
  open(sealed: string, aad: string): string {
    const [format, body] = sealed.split('.');
    if (format !== FORMAT || body === undefined) throw new SealBroken();
    return openBytes(this.#key, Buffer.from(body, 'base64url'), aad).toString('utf8');
  }

  sealKey(key: Buffer, aad: string): Buffer {
    return sealBytes(this.#key, key, aad);
  }

  /** @throws SealBroken */
  openKey(sealed: Buffer, aad: string): Buffer {
    return openBytes(this.#key, sealed, aad);
  }
}
