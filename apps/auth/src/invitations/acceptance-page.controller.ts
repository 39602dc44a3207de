import { Controller, Get, Header } from '@nestjs/common';
import { ForEverybody } from '../permissions/network-limit.guard.ts';
import { acceptancePage, acceptanceScript } from './acceptance-page.ts';

/** Where invitation links lead. */
@Controller('invitations')
@ForEverybody()
export class AcceptancePageController {
  @Get('accept')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  show(): string {
    return acceptancePage;
  }

  @Get('accept.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', 'no-cache')
  script(): string {
    return acceptanceScript;
  }
}
