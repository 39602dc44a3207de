import { runService } from '@orgn/service-kit';
import { keyRegistryService } from './service.ts';

await runService(keyRegistryService);
