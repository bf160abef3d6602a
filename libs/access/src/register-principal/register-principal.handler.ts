import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventContext, PersonalDataVault } from '@app/platform';
import { AccessLog } from '../access-log';
import { PRINCIPAL, type PrincipalRegistered } from '../events';
import { personOf } from '../principal';
import { RegisterPrincipal } from './register-principal.command';

@CommandHandler(RegisterPrincipal)
export class RegisterPrincipalHandler implements ICommandHandler<RegisterPrincipal> {
  constructor(
    private readonly log: AccessLog,
    private readonly vault: PersonalDataVault,
  ) {}

  async execute({ context, name, roles }: RegisterPrincipal): Promise<{ id: string }> {
    const { tenantId } = context;
    const id = context.newId();
    return this.log.decide(tenantId, async (tx) => {
      // The identifier is the same on a second attempt with the same Idempotency-Key: then the work is already done.
      if ((await this.log.principal(tx, id)) !== null) return { result: { id }, appended: null };
      const personal = await this.vault.encrypt(tx, tenantId, personOf(id), { name });
      const data: PrincipalRegistered = { principalId: id, roles: [...new Set(roles)], personal };
      const stream = { category: PRINCIPAL, key: id, expectedVersion: 0 };
      const appended = await this.log.append(tx, eventContext(context), stream, 'PrincipalRegistered', data);
      return { result: { id }, appended };
    });
  }
}
