import { SetMetadata } from '@nestjs/common';
import type { Role } from '@app/access';

export const PERMITTED_ROLES = Symbol('permitted roles');
export const PUBLIC_ROUTE = Symbol('public route');

/**
 * Who may call the route: a principal holding any one of the roles. No role implies another. A route with neither `@Permit` nor `@Public`
 * stops the boot, so a forgotten decorator can never open a door.
 */
export const Permit = (...roles: readonly [Role, ...Role[]]): MethodDecorator => SetMetadata(PERMITTED_ROLES, roles);

/** Anyone, without a key: health, the API description, problem pages. */
export const Public = (): MethodDecorator => SetMetadata(PUBLIC_ROUTE, true);
