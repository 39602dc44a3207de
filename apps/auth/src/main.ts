import { runService } from '@orgn/service-kit';
import { authService } from './service.ts';

await runService(authService);
