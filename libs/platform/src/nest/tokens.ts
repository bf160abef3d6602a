import type { InjectionToken } from '@nestjs/common';
import type { Database, EventStore } from '@app/event-store';
import type { Configuration } from '../configuration/configuration';
import type { Clock } from '../identity/clock';

/** The pool of this application, connected as its role: `arrears_api` or `arrears_worker`. */
export const DATABASE: InjectionToken<Database> = Symbol('DATABASE');
export const EVENT_STORE: InjectionToken<EventStore> = Symbol('EVENT_STORE');
export const CLOCK: InjectionToken<Clock> = Symbol('CLOCK');
export const CONFIG: InjectionToken<Configuration> = Symbol('CONFIG');
