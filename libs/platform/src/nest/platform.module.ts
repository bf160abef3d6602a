import { type DynamicModule, Module } from '@nestjs/common';
import { Intents } from '../intents/intents';
import { WorkerRegistry } from '../intents/worker-registry';
import { Logger } from '../logging/logger';
import { PersonalDataVault } from '../personal-data/personal-data-vault';
import { SecretBox } from '../security/secret-box';
import type { PlatformResources } from './platform-resources';
import { CLOCK, CONFIG, DATABASE, EVENT_STORE } from './tokens';

/** Hands the open resources of an application to every module. Whoever opened them closes them, after the application. */
@Module({})
export class PlatformModule {
  static with(resources: PlatformResources): DynamicModule {
    const providers = [
      { provide: DATABASE, useValue: resources.database },
      { provide: EVENT_STORE, useValue: resources.eventStore },
      { provide: CLOCK, useValue: resources.clock },
      { provide: CONFIG, useValue: resources.configuration },
      { provide: SecretBox, useValue: resources.secretBox },
      { provide: PersonalDataVault, useValue: resources.vault },
      { provide: Intents, useValue: resources.intents },
      { provide: WorkerRegistry, useValue: resources.workerRegistry },
      { provide: Logger, useValue: resources.logger },
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }
}
