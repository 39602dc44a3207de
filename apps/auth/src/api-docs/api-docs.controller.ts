import { Controller, Get, Header } from '@nestjs/common';
import { consoleRoutes, toOpenApi } from '@orgn/console-api';
import { ForEverybody } from '../permissions/network-limit.guard.ts';
import { toDocsPage } from './docs-page.ts';

/** Changes when a route changes in a way that callers notice. */
const VERSION = '1.0.0';

const document = toOpenApi(consoleRoutes, VERSION);
const page = toDocsPage(consoleRoutes, document);

/** The console API's documentation, for programs and for people. Everybody may read it. */
@Controller()
@ForEverybody()
export class ApiDocsController {
  @Get('api/openapi.json')
  @Header('cache-control', 'public, max-age=300')
  openApi(): object {
    return document;
  }

  @Get('api/docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'public, max-age=300')
  docs(): string {
    return page;
  }
}
