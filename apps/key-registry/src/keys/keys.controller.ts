import { Controller } from '@nestjs/common';
import {
  disableKey,
  enableKey,
  extendKey,
  findKeys,
  getKey,
  listKeys,
  listOwnedKeys,
  registerKey,
  revokeKey,
  rotateKey,
  settleKeys,
  tellOwners,
  updateKey,
  type RequestOf,
} from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { KeysService } from './keys.service.ts';
import { LeaversService } from './leavers.service.ts';
import { RevocationService } from './revocation.service.ts';
import { RotationService } from './rotation.service.ts';

@Controller()
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly rotation: RotationService,
    private readonly revocation: RevocationService,
    private readonly leavers: LeaversService,
  ) {}

  @Answers(registerKey)
  register(request: RequestOf<typeof registerKey>) {
    return this.keys.register(request);
  }

  @Answers(listKeys)
  list(request: RequestOf<typeof listKeys>) {
    return this.keys.list(request);
  }

  @Answers(listOwnedKeys)
  listOwned(request: RequestOf<typeof listOwnedKeys>) {
    return this.keys.listOwned(request);
  }

  @Answers(getKey)
  get(request: RequestOf<typeof getKey>) {
    return this.keys.get(request);
  }

  @Answers(findKeys)
  find(request: RequestOf<typeof findKeys>) {
    return this.keys.find(request);
  }

  @Answers(tellOwners)
  owners(request: RequestOf<typeof tellOwners>) {
    return this.keys.owners(request);
  }

  @Answers(updateKey)
  update(request: RequestOf<typeof updateKey>) {
    return this.keys.update(request);
  }

  @Answers(disableKey)
  disable(request: RequestOf<typeof disableKey>) {
    return this.keys.disable(request);
  }

  @Answers(enableKey)
  enable(request: RequestOf<typeof enableKey>) {
    return this.keys.enable(request);
  }

  @Answers(rotateKey)
  rotate(request: RequestOf<typeof rotateKey>) {
    return this.rotation.rotate(request);
  }

  @Answers(extendKey)
  extend(request: RequestOf<typeof extendKey>) {
    return this.rotation.extend(request);
  }

  @Answers(revokeKey)
  revoke(request: RequestOf<typeof revokeKey>) {
    return this.revocation.revoke(request);
  }

  @Answers(settleKeys)
  settle(request: RequestOf<typeof settleKeys>) {
    return this.leavers.settle(request);
  }
}
