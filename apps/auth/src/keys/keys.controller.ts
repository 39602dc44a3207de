import { Controller } from '@nestjs/common';
import { keyRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { KeyChangesService } from './key-changes.service.ts';
import { KeyCreationService } from './key-creation.service.ts';
import { KeyRotationService } from './key-rotation.service.ts';
import { KeysService } from './keys.service.ts';

@Controller()
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly creation: KeyCreationService,
    private readonly rotation: KeyRotationService,
    private readonly changes: KeyChangesService,
  ) {}

  @Implements(keyRoutes.list)
  list(call: ConsoleCall<typeof keyRoutes.list>) {
    return this.keys.list(call);
  }

  @Implements(keyRoutes.create)
  create(call: ConsoleCall<typeof keyRoutes.create>) {
    return this.creation.create(call);
  }

  @Implements(keyRoutes.get)
  get(call: ConsoleCall<typeof keyRoutes.get>) {
    return this.keys.get(call);
  }

  @Implements(keyRoutes.update)
  update(call: ConsoleCall<typeof keyRoutes.update>) {
    return this.changes.update(call);
  }

  @Implements(keyRoutes.rotate)
  rotate(call: ConsoleCall<typeof keyRoutes.rotate>) {
    return this.rotation.rotate(call);
  }

  @Implements(keyRoutes.revoke)
  revoke(call: ConsoleCall<typeof keyRoutes.revoke>) {
    return this.changes.revoke(call);
  }

  @Implements(keyRoutes.extend)
  extend(call: ConsoleCall<typeof keyRoutes.extend>) {
    return this.changes.extend(call);
  }

  @Implements(keyRoutes.disable)
  disable(call: ConsoleCall<typeof keyRoutes.disable>) {
    return this.changes.disable(call);
  }

  @Implements(keyRoutes.enable)
  enable(call: ConsoleCall<typeof keyRoutes.enable>) {
    return this.changes.enable(call);
  }
}
