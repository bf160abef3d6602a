import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Authenticator } from '@app/access';
import type { EdgeRequest } from './edge';
import { headerOf } from './edge';
import { PERMITTED_ROLES, PUBLIC_ROUTE } from './permit.decorator';
import { ProblemException } from './problem';
import { attachContext } from './request-context';

const BEARER = /^Bearer +([\x21-\x7e]+)$/i;

/** Deny by default: a route is public, or the caller's key is known and one of its roles is permitted. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(@Inject(Authenticator) private readonly authenticator: Authenticator) {}

  async canActivate(host: ExecutionContext): Promise<boolean> {
    const handler = host.getHandler();
    if (Reflect.getMetadata(PUBLIC_ROUTE, handler) === true) return true;
    const request = host.switchToHttp().getRequest<EdgeRequest>();
    const key = BEARER.exec(headerOf(request, 'authorization') ?? '')?.[1];
    if (key === undefined) throw unauthenticated('Send an API key as `Authorization: Bearer <key>`.');
    const caller = await this.authenticator.authenticate(key);
    if (caller === null) throw unauthenticated('The API key is unknown, revoked or expired.');
    const permitted = permittedRoles(handler);
    if (!caller.roles.some((role) => permitted.includes(role))) {
      throw new ProblemException({
        code: 'forbidden',
        status: 403,
        detail: `This needs one of the roles ${permitted.join(', ')}.`,
        extra: { permitted: [...permitted] },
      });
    }
    attachContext(request, caller);
    return true;
  }
}

function permittedRoles(handler: object): readonly string[] {
  const roles: unknown = Reflect.getMetadata(PERMITTED_ROLES, handler);
  return Array.isArray(roles) ? roles.map(String) : [];
}

function unauthenticated(detail: string): ProblemException {
  return new ProblemException({ code: 'unauthenticated', status: 401, detail, headers: { 'www-authenticate': 'Bearer realm="arrears"' } });
}
