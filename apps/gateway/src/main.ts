import { runService } from '@orgn/service-kit';
import { gateway } from './service.ts';

await runService(gateway);
