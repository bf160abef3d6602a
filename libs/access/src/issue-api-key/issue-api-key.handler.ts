import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventContext, Refusal } from '@app/platform';
import { AccessLog } from '../access-log';
import { generateApiKey, hashApiKey, hashPrefixOf } from '../api-key';
import { insertApiKey, revokeApiKeyRow } from '../api-key-table';
import { PRINCIPAL, type ApiKeyIssued, type ApiKeyRevoked } from '../events';
import { IssueApiKey, type IssuedApiKey } from './issue-api-key.command';

@CommandHandler(IssueApiKey)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKey> {
  constructor(private readonly log: AccessLog) {}

  async execute({ context, principalId, expiresAt }: IssueApiKey): Promise<IssuedApiKey> {
    const { tenantId } = context;
    const key = generateApiKey();
    const hash = hashApiKey(key);
    const keyId = context.newId();
    return this.log.decide(tenantId, async (tx) => {
      const principal = await this.log.principal(tx, principalId);
      if (principal === null) throw new Refusal('principal-not-found', `There is no principal ${principalId}.`);
      let version = principal.version;
      // An earlier attempt under the same Idempotency-Key issued a key that nobody received: it is withdrawn, a new one takes its place.
      const orphan = principal.keys.find((issued) => issued.keyId === keyId);
      if (orphan !== undefined && orphan.revoked === null) {
        const revoked: ApiKeyRevoked = { keyId, principalId, reason: 'revoked' };
        const stream = { category: PRINCIPAL, key: principalId, expectedVersion: version };
        version = (await this.log.append(tx, eventContext(context), stream, 'ApiKeyRevoked', revoked)).version;
        await revokeApiKeyRow(tx, tenantId, keyId);
      }
      const id = orphan === undefined ? keyId : context.newId();
      const data: ApiKeyIssued = { keyId: id, principalId, hashPrefix: hashPrefixOf(hash), origin: 'issued', expiresAt };
      const stream = { category: PRINCIPAL, key: principalId, expectedVersion: version };
      const appended = await this.log.append(tx, eventContext(context), stream, 'ApiKeyIssued', data);
      await insertApiKey(tx, { hash, keyId: id, tenantId, principalId, expiresAt });
      return { result: { id, key }, appended };
    });
  }
}
