import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventContext, Refusal } from '@app/platform';
import { AccessLog } from '../access-log';
import { revokeApiKeyRow } from '../api-key-table';
import { Authenticator } from '../authenticate/authenticator';
import { PRINCIPAL, type ApiKeyRevoked } from '../events';
import { RevokeApiKey } from './revoke-api-key.command';

@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  constructor(
    private readonly log: AccessLog,
    private readonly authenticator: Authenticator,
  ) {}

  async execute({ context, principalId, keyId }: RevokeApiKey): Promise<void> {
    const { tenantId } = context;
    await this.log.decide(tenantId, async (tx) => {
      const principal = await this.log.principal(tx, principalId);
      if (principal === null) throw new Refusal('principal-not-found', `There is no principal ${principalId}.`);
      const key = principal.keys.find((issued) => issued.keyId === keyId);
      if (key === undefined) throw new Refusal('api-key-not-found', `Principal ${principalId} has no key ${keyId}.`);
      if (key.revoked !== null) return { result: undefined, appended: null };
      const data: ApiKeyRevoked = { keyId, principalId, reason: 'revoked' };
      const stream = { category: PRINCIPAL, key: principalId, expectedVersion: principal.version };
      const appended = await this.log.append(tx, eventContext(context), stream, 'ApiKeyRevoked', data);
      await revokeApiKeyRow(tx, tenantId, keyId);
      return { result: undefined, appended };
    });
    this.authenticator.forget();
  }
}
