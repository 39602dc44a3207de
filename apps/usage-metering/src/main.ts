import { runService } from '@orgn/service-kit';
import { usageMeteringService } from './service.ts';

await runService(usageMeteringService);
