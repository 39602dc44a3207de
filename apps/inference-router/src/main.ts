import { runService } from '@orgn/service-kit';
import { inferenceRouter } from './service.ts';

await runService(inferenceRouter);
